// Sets the theme before the first paint, so it is a plain script in the head, not a module. The stored choice wins over the system's wish.
(function () {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  function stored() {
    try {
      return window.localStorage.getItem("theme") || "auto";
    } catch {
      return "auto"; // storage is closed in some private windows
    }
  }

  function store(choice) {
    try {
      window.localStorage.setItem("theme", choice);
    } catch {
      // the choice holds for this page
    }
  }

  function paint(choice) {
    const isDark = choice === "dark" || (choice === "auto" && dark.matches);
    root.dataset.bsTheme = isDark ? "dark" : "light";
    for (const button of document.querySelectorAll("[data-theme-choice] [data-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.theme === choice));
    }
  }

  function bind() {
    for (const group of document.querySelectorAll("[data-theme-choice]")) {
      group.hidden = false;
      group.addEventListener("click", (event) => {
        const button = event.target.closest("[data-theme]");
        if (!button) return;
        event.stopPropagation(); // inside a menu: stay open and show the result
        store(button.dataset.theme);
        paint(button.dataset.theme);
      });
    }
    paint(stored());
  }

  root.classList.add("has-js");
  paint(stored());
  dark.addEventListener("change", () => paint(stored()));
  // Paper is white.
  window.addEventListener("beforeprint", () => (root.dataset.bsTheme = "light"));
  window.addEventListener("afterprint", () => paint(stored()));
  document.addEventListener("DOMContentLoaded", bind);
})();
