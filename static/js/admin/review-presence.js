// 「王某 正在查看」: the page says every 25 s that it is open, and hears who else has it open and whether the case has moved on.
// [data-presence] holds the address, [data-mark] the state the page shows. A page in the background keeps quiet; without this module the
// names stand as they were when the page was opened.

const SECONDS = 25;

const root = document.querySelector("[data-presence]");

async function report() {
  if (document.hidden) return;
  const body = new URLSearchParams({ csrfmiddlewaretoken: root.dataset.token, mark: root.dataset.mark });
  const response = await fetch(root.dataset.presence, { method: "POST", body, headers: { Accept: "application/json" } }).catch(() => null);
  // No network: at the next turn. Anything else, e.g. a session that ended, is for the page that is opened next.
  if (response && !response.ok) return stop();
  const told = await response?.json().catch(() => null);
  if (told) show(told);
}

function show({ others, moved }) {
  const names = root.querySelector("[data-presence-names]");
  // Written only when it changed: a screen reader speaks every change.
  if (names.textContent !== others.join("、")) names.textContent = others.join("、");
  root.querySelector("[data-presence-others]").hidden = !others.length;
  root.querySelector("[data-presence-moved]").hidden = !moved;
}

const timer = root ? setInterval(report, SECONDS * 1000) : 0;
const stop = () => clearInterval(timer);

if (root) document.addEventListener("visibilitychange", report);
