// Copies a reference. Without this file it stands there to be selected.
"use strict";

const SAID_FOR = 2000;
const told = document.getElementById("copied");

async function copy(button) {
  const text = document.getElementById(button.dataset.copies).textContent;
  try {
    await navigator.clipboard.writeText(text);
    told.textContent = "Copied";
    button.classList.add("is-done");
  } catch {
    getSelection().selectAllChildren(document.getElementById(button.dataset.copies));
    told.textContent = "The browser does not allow copying; the reference is selected";
  }
  setTimeout(() => {
    told.textContent = "";
    button.classList.remove("is-done");
  }, SAID_FOR);
}

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}
