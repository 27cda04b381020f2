// A member page that comes back from the browser's cache may show what is no longer true: fetch it anew.
// body.member-page or any [data-reload-when-restored]. Also binds [data-print].

window.addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("body.member-page, [data-reload-when-restored]")) window.location.reload();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
