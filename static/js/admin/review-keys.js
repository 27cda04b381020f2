// The keys of a review's screen, listed in dialog[data-keys]. Ctrl + Enter sends the decision; single keys do nothing while one types, and
// are switched off in the dialog (WCAG 2.1.4), which this browser remembers. The buttons and links do all of it without keys.

const KEPT = "review.single-keys";
const OFF = "off";

const dialog = document.querySelector("dialog[data-keys]");
const form = document.querySelector("form[data-decide]");
const refusal = form?.querySelector(".decide__refusal");

const follow = (rel) => document.querySelector(`.review-bar a[rel=${rel}]`)?.click();
const picture = (act) => document.querySelector("[data-review-pictures]")?.dispatchEvent(new CustomEvent("review:picture", { detail: act }));

function toggleRefusal() {
  if (!refusal) return;
  refusal.open = !refusal.open;
  const reasons = refusal.querySelector(".decide__reasons");
  if (refusal.open) reasons.focus({ preventScroll: true });
  else refusal.querySelector("summary").focus({ preventScroll: true });
}

// What opens below the edge is brought into sight.
refusal?.querySelector(".decide__fields")?.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.scrollIntoView({ block: "nearest" });
});

function tickReason(number) {
  const box = refusal?.open && refusal.querySelectorAll("input[name=reasons]")[number - 1];
  if (!box) return;
  box.checked = !box.checked;
  box.scrollIntoView({ block: "nearest" });
}

const SINGLE = {
  j: () => follow("next"),
  k: () => follow("prev"),
  n: toggleRefusal,
  c: () => document.querySelector("[data-key-claim]")?.click(),
  m: () => document.querySelector("#note-text")?.focus(),
  // Not the brackets: «[» folds Wagtail's menu.
  ",": () => picture("previous"),
  ".": () => picture("next"),
  "+": () => picture("larger"),
  "=": () => picture("larger"),
  "-": () => picture("smaller"),
  0: () => picture("width"),
  r: () => picture("turn"),
  "?": () => dialog.showModal(),
};

function decide() {
  if (!form) return;
  const verdict = refusal?.open ? "refused" : "approved";
  form.requestSubmit(form.querySelector(`button[name=verdict][value=${verdict}]`));
}

// What cannot be undone asks once more.
form?.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm;
  if (!question || window.confirm(question)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
});

function isTyping(target) {
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])");
}

const areOn = () => localStorage.getItem(KEPT) !== OFF;

function onKey(event) {
  // A key that is still held after the page changed decides nothing.
  if (event.repeat || event.isComposing || dialog.open) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    // In a note it sends the note: the decision would go while one still writes to colleagues.
    const note = event.target.closest("form[data-note]");
    if (note) note.requestSubmit();
    else if (form && (!isTyping(event.target) || form.contains(event.target))) decide();
    else return;
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || !areOn()) return;
  const act = SINGLE[event.key] ?? SINGLE[event.key.toLowerCase()] ?? (/^[1-9]$/.test(event.key) ? () => tickReason(Number(event.key)) : null);
  if (!act) return;
  event.preventDefault();
  act();
}

if (dialog) {
  const shortcuts = dialog.querySelector("[data-keys-switch]");
  shortcuts.checked = areOn();
  shortcuts.addEventListener("change", () => localStorage.setItem(KEPT, shortcuts.checked ? "on" : OFF));
  const button = document.querySelector("[data-keys-open]");
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
  // Small numbers beside the reasons, for those who use the keys.
  refusal?.querySelectorAll("input[name=reasons]").forEach((box, index) => {
    if (index < 9) box.closest("label").dataset.key = index + 1;
  });
  document.addEventListener("keydown", onKey);
}
