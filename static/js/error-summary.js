// The summary of errors takes the focus; its links put the focus into the field, not only the field into view. [data-error-summary]

// A short form without a summary: the first field that was refused takes it.
if (!document.querySelector("[data-error-summary]")) document.querySelector("main [aria-invalid='true']")?.focus();

for (const summary of document.querySelectorAll("[data-error-summary]")) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    const place = field.closest(".field") ?? field;
    place.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  });
}
