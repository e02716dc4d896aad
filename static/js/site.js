// Comforts only: every page works without this file.
"use strict";

const THEMES = ["auto", "light", "dark"];
const toggle = document.querySelector(".theme-toggle");

function showTheme(theme) {
  document.documentElement.dataset.theme = theme;
  toggle.textContent = `Theme: ${theme}`;
}

if (toggle) {
  showTheme(document.documentElement.dataset.theme || "auto");
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    const next = THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length];
    showTheme(next);
    localStorage.setItem("theme", next);
  });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    document.querySelector(".site-search input").focus();
  }
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll(".menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});
