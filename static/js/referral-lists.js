// The lists of 推荐会员 ask for news once a minute, and when the page comes into view again; never while nobody sees them. [data-live-lists]
// The server answers nothing while nothing changed. What somebody is reading by keyboard is not exchanged under their fingers.

const LISTS = "[data-live-lists]";
const SHORTEST = 15000;

let asked = Date.now();

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.target.matches(LISTS)) return;
  if (document.hidden) event.preventDefault();
  else asked = Date.now();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { target } = event.detail;
  if (target?.matches(LISTS) && target.contains(document.activeElement)) event.detail.shouldSwap = false;
});

document.addEventListener("visibilitychange", () => {
  const lists = document.querySelector(LISTS);
  if (!document.hidden && lists && Date.now() - asked > SHORTEST) window.htmx?.trigger(lists, "look-again");
});
