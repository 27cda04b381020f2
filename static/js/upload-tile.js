// Loads what the page's upload tiles need: [data-upload-tile]. In a form with data-pictures-url each picture is sent at once
// (upload-live.js); the page does not wait for that: it comes when a tile is first touched, or when all else has arrived, so that it is there
// should the network be lost later. Elsewhere a picture goes with its form (upload-form.js).

const QUIET_MS = 3000;
const TOUCHED = ["pointerover", "focusin", "dragenter", "change"];
const isLive = Boolean(document.querySelector("form[data-pictures-url] [data-upload-tile]"));
let loading;
let isThere = false;

function load() {
  loading ??= (isLive ? Promise.all([import("./upload-live.js"), import("./enlarge.js")]) : import("./upload-form.js")).then(
    () => (isThere = true),
    () => (loading = null), // the next touch tries again
  );
}

// A picture that was chosen before the module was there is still made ready: the form waits for it.
async function hold(event) {
  if (isThere || !loading || ![...event.target.querySelectorAll("[data-upload-tile] input[type=file]")].some(({ files }) => files.length)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  await loading;
  event.target.requestSubmit(event.submitter);
}

if (document.querySelector("[data-upload-tile]")) {
  for (const kind of TOUCHED) document.addEventListener(kind, ({ target }) => target.closest?.("[data-upload-tile]") && load());
  document.addEventListener("submit", hold, true);
  if (isLive) setTimeout(load, QUIET_MS);
  else load();
}
