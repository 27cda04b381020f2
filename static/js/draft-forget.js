// Whoever logs out leaves nothing of their application in this browser (draft.js keeps there what could not be sent yet).

const PREFIX = "draft:";

function forget(kind) {
  try {
    for (const key of Object.keys(window[kind])) if (key.startsWith(PREFIX)) window[kind].removeItem(key);
  } catch {
    // A forbidden storage holds nothing.
  }
}

document.addEventListener("submit", ({ target }) => {
  if (!new URL(target.action, window.location.href).pathname.endsWith("/logout/")) return;
  forget("localStorage");
  forget("sessionStorage");
});
