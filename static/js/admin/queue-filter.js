// On a phone the selects over a list fold away while none of them is in force, so that the first case is in sight.
// [data-filter-folds]: the selects; [data-filter-open]: the button. On a wide screen the style sheet shows them in any case.

const filters = document.querySelector("[data-filter-folds]");
const opens = document.querySelector("[data-filter-open]");

if (filters && opens) {
  const show = (open) => {
    filters.classList.toggle("is-folded", !open);
    opens.setAttribute("aria-expanded", String(open));
  };
  opens.hidden = false;
  opens.addEventListener("click", () => show(filters.classList.contains("is-folded")));
  show(false);
}
