// A page about work under way keeps itself true: [data-progress] is fetched anew every two seconds while it has [data-progress-running].

const EVERY = 2000;

async function renew() {
  const shown = document.querySelector("[data-progress]");
  if (!shown?.hasAttribute("data-progress-running")) return;
  try {
    const answer = await fetch(window.location.href, { headers: { "X-Requested-With": "XMLHttpRequest" }, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-progress]");
    if (!answer.ok || !fresh) {
      window.location.reload();
      return;
    }
    // What unfolds stays as it was unfolded, and so does where one is: only what changed is put in.
    if (fresh.innerHTML !== shown.innerHTML || !fresh.hasAttribute("data-progress-running")) shown.replaceWith(document.adoptNode(fresh));
  } catch {
    // The network is away for a moment: the next turn tries again.
  }
  setTimeout(renew, EVERY);
}

setTimeout(renew, EVERY);
