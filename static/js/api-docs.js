// Swagger UI has a dark look of its own; it follows the site's choice, and the system's where the site has none.
{
  const root = document.documentElement;
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");

  const followTheme = () => {
    const { theme } = root.dataset;
    root.classList.toggle("dark-mode", theme === "dark" || (theme === "auto" && systemIsDark.matches));
  };

  followTheme();
  systemIsDark.addEventListener("change", followTheme);
  new MutationObserver(followTheme).observe(root, { attributeFilter: ["data-theme"] });
}
