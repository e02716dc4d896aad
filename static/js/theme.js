// Runs before the page is painted. Key and values are those of Django's admin, so that both share the choice.
document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";
