// select2 shows the chosen record in an element without a name; it takes the name of the field it stands for.
"use strict";

function nameChoices(root) {
  for (const select of root.querySelectorAll("select.admin-autocomplete")) {
    const shown = document.getElementById(`select2-${select.id}-container`);
    const label = select.getAttribute("aria-label") || select.labels[0]?.textContent;
    if (shown && label) shown.setAttribute("aria-label", label.trim());
  }
}

window.addEventListener("load", () => nameChoices(document));
document.addEventListener("formset:added", (event) => nameChoices(event.target));
