// Announces what just happened and takes it away after five seconds, not while it is pointed at or focused. [data-toasts] > [data-toast]

const SHOWN_MS = 5000;

function leave(toast) {
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 300);
}

function arm(toast) {
  let timer = setTimeout(() => leave(toast), SHOWN_MS);
  const hold = () => clearTimeout(timer);
  const release = () => {
    clearTimeout(timer);
    timer = setTimeout(() => leave(toast), SHOWN_MS);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", release);
}

for (const region of document.querySelectorAll("[data-toasts]")) {
  const toasts = [...region.querySelectorAll("[data-toast]")];
  for (const toast of toasts) arm(toast);
  // A live region speaks of what is added to it, not of what it held from the start.
  setTimeout(() => region.append(...toasts.filter((toast) => toast.isConnected)), 200);
}
