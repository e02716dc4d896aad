// Runs before the page is painted. Key and values are those of Django's admin, so that both share the choice.
"use strict";

{
  const { dataset } = document.documentElement;
  dataset.theme = "auto";
  try {
    dataset.theme = localStorage.getItem("theme") || "auto";
    dataset.formulas = localStorage.getItem("formulas") || "typeset";
  } catch {
    // Some browsers lock the storage: then the system decides.
  }
}
