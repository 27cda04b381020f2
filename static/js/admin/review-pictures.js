// Papers beside the data, one at a time: [data-picture-tab] chooses, [data-picture-act] zooms, fits, turns and pages, dragging moves,
// Ctrl + wheel zooms where one points. The keys of the view itself: + - 0 r and arrows; review-keys.js reaches the same acts from elsewhere.
// Without this module all papers stand one below the other.

const STEPS = [25, 50, 75, 100, 125, 150, 200, 300, 400, 600];
const FULL_TURN = 360;
const QUARTER = 90;
const KEYS = { "+": "larger", "=": "larger", "-": "smaller", 0: "width", r: "turn", R: "turn" };

function start(root) {
  const view = root.querySelector("[data-picture-view]");
  const papers = [...root.querySelectorAll("[data-picture]")];
  const tabs = [...root.querySelectorAll("[data-picture-tab]")];
  const scaleText = root.querySelector("[data-picture-scale]");
  const placeText = root.querySelector("[data-picture-place]");
  const open = root.querySelector("[data-picture-open]");
  const states = new Map(papers.map((paper) => [paper, { scale: 100, angle: 0 }]));
  let current = papers[0];

  function sizeOf(paper) {
    const image = paper.querySelector("img");
    const ratio = image.naturalWidth ? image.naturalHeight / image.naturalWidth : Number(image.getAttribute("height")) / Number(image.getAttribute("width")) || Math.SQRT2;
    const lies = states.get(paper).angle % (2 * QUARTER) !== 0;
    return { image, ratio: lies ? 1 / ratio : ratio, lies, room: image.parentElement.parentElement.clientWidth };
  }

  function draw() {
    const { scale, angle } = states.get(current);
    const { image, ratio, lies, room } = sizeOf(current);
    const frame = image.parentElement;
    const across = (room * scale) / 100;
    const down = across * ratio;
    // Turned by a quarter, the picture's width is the frame's height.
    image.style.inlineSize = `${lies ? down : across}px`;
    image.style.transformOrigin = "0 0";
    const moves = { 0: "", 90: `translateX(${across}px)`, 180: `translate(${across}px, ${down}px)`, 270: `translateY(${down}px)` };
    image.style.transform = `${moves[angle]} rotate(${angle}deg)`;
    frame.style.inlineSize = `${across}px`;
    frame.style.blockSize = `${down}px`;
    scaleText.textContent = `${Math.round(scale)}%`;
  }

  // What lies below the point stays there; without a point the middle of the view.
  function zoom(scale, point = { x: view.clientWidth / 2, y: view.clientHeight / 2 }) {
    const state = states.get(current);
    const factor = scale / state.scale;
    const [left, top] = [view.scrollLeft + point.x, view.scrollTop + point.y];
    state.scale = scale;
    draw();
    view.scrollTo(left * factor - point.x, top * factor - point.y);
  }

  function show(paper) {
    current = paper;
    papers.forEach((one) => (one.hidden = one !== paper));
    tabs.forEach((tab) => (tab.hash === `#${paper.id}` ? tab.setAttribute("aria-current", "true") : tab.removeAttribute("aria-current")));
    bringIntoStrip(tabs[papers.indexOf(paper)]);
    placeText.textContent = `${papers.indexOf(paper) + 1} / ${papers.length}`;
    open.href = paper.dataset.pictureUrl;
    view.scrollTo(0, 0);
    const image = paper.querySelector("img");
    image.loading = "eager";
    if (image.complete) draw();
    else image.addEventListener("load", draw, { once: true });
  }

  const page = (steps) => show(papers[(papers.indexOf(current) + steps + papers.length) % papers.length]);
  const larger = (scale) => STEPS.find((step) => step > scale) ?? STEPS.at(-1);
  const smaller = (scale) => STEPS.findLast((step) => step < scale) ?? STEPS[0];
  const acts = {
    smaller: () => zoom(smaller(states.get(current).scale)),
    larger: () => zoom(larger(states.get(current).scale)),
    width: () => zoom(100),
    whole() {
      const { ratio, room } = sizeOf(current);
      const rest = current.querySelector("figcaption").offsetHeight + 2 * parseFloat(getComputedStyle(view).paddingBlockStart);
      zoom(Math.min(100, ((view.clientHeight - rest) / (room * ratio)) * 100));
      view.scrollTo(0, 0);
    },
    turn() {
      const state = states.get(current);
      state.angle = (state.angle + QUARTER) % FULL_TURN;
      draw();
    },
    next: () => page(1),
    previous: () => page(-1),
  };

  tabs.forEach((tab, index) =>
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      show(papers[index]);
    }),
  );
  root.querySelectorAll("[data-picture-act]").forEach((button) => button.addEventListener("click", () => acts[button.dataset.pictureAct]()));
  root.addEventListener("review:picture", (event) => acts[event.detail]?.());
  view.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    // The page's own keys mean the same, and would do it twice.
    event.stopPropagation();
    acts[act]();
  });
  view.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const box = view.getBoundingClientRect();
      const wanted = states.get(current).scale * Math.exp(-event.deltaY / 400);
      zoom(Math.min(STEPS.at(-1), Math.max(STEPS[0], wanted)), { x: event.clientX - box.left, y: event.clientY - box.top });
    },
    { passive: false },
  );
  makeDraggable(view);
  window.addEventListener("resize", draw);
  root.querySelector("[data-picture-tools]").hidden = false;
  if (papers.length < 2) root.querySelectorAll("[data-picture-act=next], [data-picture-act=previous], [data-picture-place]").forEach((one) => (one.hidden = true));
  show(papers[0]);
}

// Along its strip alone: scrollIntoView would move the page too, away from the name of whom one decides on.
function bringIntoStrip(tab) {
  const strip = tab.closest("[data-picture-strip]");
  const [box, room] = [tab.getBoundingClientRect(), strip.getBoundingClientRect()];
  if (box.left < room.left) strip.scrollLeft -= room.left - box.left;
  else if (box.right > room.right) strip.scrollLeft += box.right - room.right;
}

function makeDraggable(view) {
  let from = null;
  view.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button === 0) from = { x: event.clientX + view.scrollLeft, y: event.clientY + view.scrollTop };
  });
  view.addEventListener("pointermove", (event) => {
    if (from) view.scrollTo(from.x - event.clientX, from.y - event.clientY);
  });
  for (const end of ["pointerup", "pointerleave"]) view.addEventListener(end, () => (from = null));
  view.addEventListener("dragstart", (event) => event.preventDefault());
}

document.querySelectorAll("[data-review-pictures]").forEach(start);
