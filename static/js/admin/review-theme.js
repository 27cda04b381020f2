// Wagtail's theme reaches our pages: html.w-theme-dark, or html.w-theme-system with a dark device, sets [data-review] dark.

const wrapper = document.querySelector("[data-review]");
const prefersDark = window.matchMedia("(prefers-color-scheme: dark)");

function apply() {
  const { classList } = document.documentElement;
  const isDark = classList.contains("w-theme-dark") || (classList.contains("w-theme-system") && prefersDark.matches);
  wrapper.dataset.bsTheme = isDark ? "dark" : "light";
}

if (wrapper) {
  apply();
  prefersDark.addEventListener("change", apply);
}
