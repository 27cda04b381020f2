// A button that sends a code rests until it may be pressed again. data-code-countdown: seconds still to wait.
// Other modules may start it by the event "code-sent" with detail {seconds}.

function rest(button, seconds) {
  const label = button.dataset.idleLabel ?? button.textContent;
  button.dataset.idleLabel = label;
  const until = Date.now() + seconds * 1000;
  button.disabled = true;

  function tick() {
    const left = Math.ceil((until - Date.now()) / 1000);
    if (left <= 0) {
      button.textContent = label;
      button.disabled = false;
      return;
    }
    button.textContent = `${left} 秒后重发`;
    setTimeout(tick, 1000);
  }
  tick();
}

for (const button of document.querySelectorAll("[data-code-countdown]")) {
  const seconds = Number(button.dataset.codeCountdown);
  if (seconds > 0) rest(button, seconds);
  button.addEventListener("code-sent", (event) => rest(button, event.detail?.seconds ?? 60));
}
