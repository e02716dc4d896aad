// Comforts only: every page works without this file.
"use strict";

const THEMES = ["auto", "light", "dark"];
const toggle = document.querySelector(".theme-toggle");

function remember(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Some browsers lock the storage: then the choice lasts as long as the page.
  }
}

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
    remember("theme", next);
  });
}

// Formulas as their source, for who reads TeX more easily than what the browser makes of MathML.
const formulas = document.querySelectorAll("math[alttext]");
const mathToggle = document.querySelector(".math-toggle");

function showFormulas(how) {
  document.documentElement.dataset.formulas = how;
  mathToggle.textContent = `Formulas: ${how}`;
}

if (mathToggle && formulas.length) {
  for (const formula of formulas) {
    const source = document.createElement("code");
    source.className = "tex";
    source.textContent = formula.getAttribute("alttext");
    formula.after(source);
  }
  showFormulas(document.documentElement.dataset.formulas || "typeset");
  mathToggle.hidden = false;
  mathToggle.addEventListener("click", () => {
    const next = document.documentElement.dataset.formulas === "source" ? "typeset" : "source";
    showFormulas(next);
    remember("formulas", next);
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
