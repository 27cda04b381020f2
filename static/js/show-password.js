// [data-show-password]: an input and a hidden button; the button appears and shows what was typed.

function show(input, button, isShown) {
  input.type = isShown ? "text" : "password";
  button.textContent = isShown ? button.dataset.hideLabel : button.dataset.showLabel;
  button.setAttribute("aria-pressed", String(isShown));
}

for (const group of document.querySelectorAll("[data-show-password]")) {
  const input = group.querySelector("input");
  const button = group.querySelector("button");
  button.hidden = false;
  button.addEventListener("click", () => show(input, button, input.type === "password"));
  // What is sent is a password again, so that the browser does not remember it as text.
  input.form?.addEventListener("submit", () => show(input, button, false));
}
