// A picture of the text opens over the page: a[data-enlarge] holds it. Without JavaScript, or with a key held down, the link is followed.
// data-alt: what the picture shows, where none stands in the link; data-phone: the address for narrow screens. The dialog closes with Escape,
// its button, or a press beside the picture; focus goes back.

const NARROW = window.matchMedia("(max-width: 991px)");
let dialog;

function made() {
  dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.setAttribute("aria-label", "放大的图片");
  const close = document.createElement("button");
  close.className = "btn btn-outline-primary btn-sm enlarged__close";
  close.type = "button";
  close.textContent = "关闭";
  const sheet = document.createElement("div");
  sheet.className = "enlarged__sheet";
  // Keys scroll it where the picture is larger than the screen.
  sheet.tabIndex = 0;
  sheet.setAttribute("role", "group");
  sheet.setAttribute("aria-label", "图片，可以滚动");
  dialog.append(close, sheet);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest(".enlarged__close")) dialog.close();
  });
  return dialog;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-enlarge]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !("HTMLDialogElement" in window)) return;
  event.preventDefault();
  const shown = dialog ?? made();
  const picture = document.createElement("img");
  picture.alt = link.dataset.alt ?? link.querySelector("img").alt;
  picture.src = NARROW.matches && link.dataset.phone ? link.dataset.phone : link.href;
  shown.querySelector(".enlarged__sheet").replaceChildren(picture);
  shown.showModal();
});
