// Filling in a long form on a telephone: the keyboard hides nothing, and its key leads on to the next field. form[data-draft]
// While the keyboard is open, html.is-typing lets what sticks to the edges of the window go with the page.

const TEXT = "input:not([type=checkbox], [type=radio], [type=file], [type=hidden]), textarea";
const OPEN = 0.75; // of the height without it

function bindKeyboard(viewport) {
  let tallest = 0;
  let width = 0;
  const look = () => {
    const height = viewport.height * viewport.scale;
    if (width !== window.innerWidth) tallest = 0; // turned round
    width = window.innerWidth;
    tallest = Math.max(tallest, height);
    const active = document.activeElement;
    const isTyping = active.matches(TEXT) && height < tallest * OPEN;
    if (document.documentElement.classList.toggle("is-typing", isTyping)) active.scrollIntoView({ block: "nearest" });
  };
  viewport.addEventListener("resize", look);
  document.addEventListener("focusout", () => setTimeout(look, 100));
  look();
}

function nextOf(form, control) {
  const controls = [...form.querySelectorAll(".field :is(input, select, textarea):not([type=hidden], [readonly], :disabled)")];
  const follows = (other) => control.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
  return controls.find((other) => follows(other) && other.offsetParent !== null);
}

// Enter never sends the form by accident; beside a button of its own, it presses that one.
function bindEnter(form) {
  for (const control of form.querySelectorAll(TEXT)) if (control.localName === "input") control.enterKeyHint = "next";
  form.addEventListener("keydown", (event) => {
    const control = event.target;
    if (event.key !== "Enter" || event.isComposing || event.defaultPrevented || !control.matches(`input:is(${TEXT})`)) return;
    event.preventDefault();
    const own = control.closest(".joined")?.querySelector(":scope > button[type=submit]");
    if (own) own.click();
    else nextOf(form, control)?.focus();
  });
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  bindEnter(form);
  if (window.visualViewport) bindKeyboard(window.visualViewport);
}
