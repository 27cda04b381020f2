// Boxes beside the rows of a list, and the bar over it: how many are ticked, the whole page at once, and buttons that say which.
// form[data-bulk], [data-bulk-case] in the rows, [data-bulk-page] over them. Without this the boxes and the buttons do the same, wordless.

const form = document.querySelector("form[data-bulk]");
const boxes = [...document.querySelectorAll("[data-bulk-case]")];

if (form && boxes.length) {
  const pages = [...document.querySelectorAll("[data-bulk-page]")];
  const pageBoxes = pages.map((page) => page.querySelector("input"));
  const reset = form.querySelector("[data-bulk-reset]");
  const shown = form.querySelector("[data-bulk-ticked]");
  const buttons = [...form.querySelectorAll("button[name=verdict]")];
  const wants = (scope) => form.querySelector(`input[name=scope][value=${scope}]`);

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    const all = wants("all").checked;
    shown.textContent = ` ${ticked} 份`;
    for (const pageBox of pageBoxes) {
      pageBox.checked = ticked === boxes.length;
      pageBox.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    reset.hidden = !ticked && !all;
    form.classList.toggle("has-choice", all || ticked > 0);
    for (const button of buttons) button.disabled = !all && !ticked;
    for (const box of boxes) box.closest("tr").classList.toggle("is-chosen", all || box.checked);
  };

  const tick = (checked) => {
    for (const box of boxes) box.checked = checked;
    wants("ticked").checked = true;
    show();
  };

  for (const page of pages) page.hidden = false;
  for (const pageBox of pageBoxes) pageBox.addEventListener("change", () => tick(pageBox.checked));
  for (const box of boxes) box.addEventListener("change", () => {
    wants("ticked").checked = true;
    show();
  });
  form.addEventListener("change", show);
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    tick(false);
  });
  // A page that comes back from the browser's memory has kept its boxes.
  window.addEventListener("pageshow", show);
  show();
}
