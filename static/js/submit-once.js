// A form is sent once. Its button says 提交中…, keeps its width, and comes back when the page is shown again.
// form[data-submit-once]; the pressed button, or the first submit button, may carry data-busy-label. Forms answered by htmx are left to htmx.

const BUSY = "提交中…";

function buttonOf(form, submitter) {
  return submitter ?? form.querySelector("button[type=submit]");
}

function makeBusy(button) {
  button.dataset.idleHtml = button.innerHTML;
  button.style.minWidth = `${button.offsetWidth}px`;
  button.textContent = button.dataset.busyLabel ?? BUSY;
  button.classList.add("is-busy");
  button.setAttribute("aria-disabled", "true");
}

function makeIdle(button) {
  button.innerHTML = button.dataset.idleHtml;
  button.style.minWidth = "";
  button.classList.remove("is-busy");
  button.removeAttribute("aria-disabled");
  delete button.dataset.idleHtml;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-submit-once]") || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  // Another listener may still stop this submission.
  queueMicrotask(() => {
    if (event.defaultPrevented) return;
    form.dataset.sent = "1";
    const button = buttonOf(form, event.submitter);
    if (button) makeBusy(button);
  });
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button.is-busy")) makeIdle(button);
});
