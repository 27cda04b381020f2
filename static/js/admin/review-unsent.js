// What was typed and not sent is not lost without a question: leaving the page, or sending another form of it, asks first (the browser's
// own words). form[data-decide] and form[data-note] hold such text. A message that a decision was not taken has the focus.

const forms = [...document.querySelectorAll("form[data-decide], form[data-note]")];
const texts = forms.flatMap((form) => [...form.querySelectorAll("textarea")]);
const boxes = forms.flatMap((form) => [...form.querySelectorAll("input[name=reasons], input[name=fields_concerned]")]);
let sent = null;

const isUnsent = () =>
  texts.some((text) => text.form !== sent && text.value !== text.defaultValue) || boxes.some((box) => box.form !== sent && box.checked !== box.defaultChecked);

document.addEventListener("submit", (event) => (sent = event.target));
window.addEventListener("pageshow", () => (sent = null));
window.addEventListener("beforeunload", (event) => {
  if (isUnsent()) event.preventDefault();
});

document.querySelector("[data-moved]")?.focus();
