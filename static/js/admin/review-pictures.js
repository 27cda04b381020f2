// Papers beside the data, one at a time: [data-picture-tab] chooses, [data-picture-act] zooms and turns, dragging moves.
// Without this module all papers stand one below the other.

const STEPS = [50, 75, 100, 150, 200, 300, 400];
const FULL_TURN = 360;
const QUARTER = 90;

function start(root) {
  const view = root.querySelector("[data-picture-view]");
  const papers = [...root.querySelectorAll("[data-picture]")];
  const tabs = [...root.querySelectorAll("[data-picture-tab]")];
  const scaleText = root.querySelector("[data-picture-scale]");
  const open = root.querySelector("[data-picture-open]");
  const states = new Map(papers.map((paper) => [paper, { step: STEPS.indexOf(100), angle: 0 }]));
  let current = papers[0];

  function draw() {
    const { step, angle } = states.get(current);
    const image = current.querySelector("img");
    const frame = image.parentElement;
    const width = (frame.parentElement.clientWidth * STEPS[step]) / 100;
    const ratio = image.naturalWidth ? image.naturalHeight / image.naturalWidth : Number(image.getAttribute("height")) / Number(image.getAttribute("width")) || 1.414;
    const lies = angle % (2 * QUARTER) !== 0;
    // Turned by a quarter, the picture's width is the frame's height.
    image.style.inlineSize = `${lies ? width / ratio : width}px`;
    image.style.transformOrigin = "0 0";
    const [across, down] = lies ? [width, width / ratio] : [width, width * ratio];
    const moves = { 0: "", 90: `translateX(${across}px)`, 180: `translate(${across}px, ${down}px)`, 270: `translateY(${down}px)` };
    image.style.transform = `${moves[angle]} rotate(${angle}deg)`;
    frame.style.inlineSize = `${across}px`;
    frame.style.blockSize = `${down}px`;
    scaleText.textContent = `${STEPS[step]}%`;
  }

  function show(paper) {
    current = paper;
    papers.forEach((one) => (one.hidden = one !== paper));
    tabs.forEach((tab) => (tab.hash === `#${paper.id}` ? tab.setAttribute("aria-current", "true") : tab.removeAttribute("aria-current")));
    open.href = paper.dataset.pictureUrl;
    view.scrollTo(0, 0);
    const image = paper.querySelector("img");
    image.loading = "eager";
    if (image.complete) draw();
    else image.addEventListener("load", draw, { once: true });
  }

  const acts = {
    smaller: (state) => (state.step = Math.max(0, state.step - 1)),
    larger: (state) => (state.step = Math.min(STEPS.length - 1, state.step + 1)),
    turn: (state) => (state.angle = (state.angle + QUARTER) % FULL_TURN),
  };

  tabs.forEach((tab, index) =>
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      show(papers[index]);
    }),
  );
  root.querySelectorAll("[data-picture-act]").forEach((button) =>
    button.addEventListener("click", () => {
      acts[button.dataset.pictureAct](states.get(current));
      draw();
    }),
  );
  makeDraggable(view);
  window.addEventListener("resize", draw);
  root.querySelector("[data-picture-tools]").hidden = false;
  show(papers[0]);
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
