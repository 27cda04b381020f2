// The photo is cut to the certificate's 5 : 7: it is moved and made larger behind a frame that stands still, by finger, mouse or keyboard.
// Loaded when it is opened first. The server cuts; here only the part is chosen, in pixels of the whole photo.

import { element } from "./upload-view.js";

const ACROSS = 5;
const DOWN = 7;
const MOST_ZOOM = 8;
const STEP = 0.02; // of the frame's width, with an arrow key; with Shift five times as far
const ZOOM_STEP = 1.1;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SOFT = "放得太大，打印出来可能不清晰";

const within = (value, least, most) => Math.min(Math.max(value, least), most);

function button(text, className, act) {
  const made = element("button", `btn ${className}`, text);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

class Cutter {
  constructor({ original, crop, least, send, closed }) {
    [this.width, this.height, this.left, this.top, this.across] = crop.split(" ").map(Number);
    this.least = least;
    this.send = send;
    this.closed = closed;
    this.most = Math.min(this.width, (this.height * ACROSS) / DOWN);
    this.mostZoom = within(this.most / (least / 2), 1, MOST_ZOOM);
    this.fingers = new Map();
    this.build(original);
    this.bind();
  }

  build(original) {
    this.dialog = element("dialog", "dialog crop");
    const title = element("h2", "dialog__title", "裁剪寸照");
    title.id = "crop_title";
    const hint = element("p", "", "框内就是证书上的照片。拖动照片，让头肩在框的中间。");
    hint.append(element("span", "crop__keys", "也可以用方向键移动，用 + 和 − 缩放。"));
    this.dialog.setAttribute("aria-labelledby", title.id);
    this.stage = element("div", "crop__stage");
    this.stage.tabIndex = 0;
    this.stage.setAttribute("role", "application");
    this.stage.setAttribute("aria-label", "照片：方向键移动，加号和减号缩放");
    this.picture = new Image();
    this.picture.alt = "";
    this.picture.draggable = false;
    this.picture.src = original;
    this.frame = element("div", "crop__frame");
    this.stage.append(this.picture, this.frame);
    this.said = element("p", "crop__said");
    this.said.setAttribute("role", "status");
    const row = element("div", "btn-row");
    this.done = button("裁剪", "btn-primary", () => this.finish());
    row.append(button("取消", "btn-outline-primary", () => this.dialog.close()), this.done);
    this.dialog.append(title, hint, this.stage, this.zoomer(), this.said, row);
    document.body.append(this.dialog);
  }

  zoomer() {
    const line = element("div", "crop__zoom");
    this.range = element("input");
    Object.assign(this.range, { type: "range", min: 1, max: this.mostZoom, step: 0.01, disabled: this.mostZoom === 1 });
    this.range.setAttribute("aria-label", "缩放");
    this.range.addEventListener("input", () => this.zoomTo(this.most / Number(this.range.value)));
    line.append(
      button("缩小", "btn-outline-primary btn-sm", () => this.zoomTo(this.across * ZOOM_STEP)),
      this.range,
      button("放大", "btn-outline-primary btn-sm", () => this.zoomTo(this.across / ZOOM_STEP)),
      button("居中", "btn-text btn-sm", () => this.centre()),
    );
    return line;
  }

  bind() {
    const { stage, dialog } = this;
    stage.addEventListener("pointerdown", (event) => this.touched(event));
    stage.addEventListener("pointermove", (event) => this.moved(event));
    for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, (event) => this.fingers.delete(event.pointerId));
    stage.addEventListener("wheel", (event) => this.wheeled(event), { passive: false });
    stage.addEventListener("keydown", (event) => this.pressed(event));
    this.sizes = new ResizeObserver(() => this.draw());
    this.sizes.observe(stage);
    dialog.addEventListener("close", () => {
      this.sizes.disconnect();
      dialog.remove();
      this.closed(); // the button that opened it may have been drawn anew
    });
  }

  open() {
    this.dialog.showModal();
    this.stage.focus();
    this.draw();
  }

  get down() {
    return (this.across * DOWN) / ACROSS;
  }

  // Screen pixels for one of the whole photo.
  get scale() {
    return this.frame.offsetWidth / this.across;
  }

  draw() {
    this.left = within(this.left, 0, this.width - this.across);
    this.top = within(this.top, 0, Math.max(this.height - this.down, 0));
    const { scale } = this;
    this.picture.style.inlineSize = `${this.width * scale}px`;
    this.picture.style.blockSize = `${this.height * scale}px`;
    this.picture.style.transform = `translate(${this.frame.offsetLeft - this.left * scale}px, ${this.frame.offsetTop - this.top * scale}px)`;
    this.range.value = this.most / this.across;
    this.tell(this.across < Math.min(this.least, this.most) ? SOFT : "");
  }

  tell(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }

  // The photo goes with the finger: to the right, and more of its left is seen.
  shift(across, down) {
    this.left -= across / this.scale;
    this.top -= down / this.scale;
    this.draw();
  }

  // Around the middle of the frame.
  zoomTo(across) {
    const [x, y] = [this.left + this.across / 2, this.top + this.down / 2];
    this.across = within(across, this.most / this.mostZoom, this.most);
    this.left = x - this.across / 2;
    this.top = y - this.down / 2;
    this.draw();
  }

  centre() {
    this.across = this.most;
    this.left = (this.width - this.across) / 2;
    this.top = (this.height - this.down) / 2;
    this.draw();
  }

  touched(event) {
    this.stage.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
  }

  moved(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY];
    const others = [...this.fingers].filter(([id]) => id !== event.pointerId).map(([, place]) => place);
    this.fingers.set(event.pointerId, now);
    const share = 1 / (others.length + 1); // two fingers move it together
    if (others.length) {
      const apart = (place) => Math.hypot(place[0] - others[0][0], place[1] - others[0][1]);
      if (apart(now) > 0) this.zoomTo((this.across * apart(before)) / apart(now));
    }
    this.shift((now[0] - before[0]) * share, (now[1] - before[1]) * share);
  }

  wheeled(event) {
    event.preventDefault();
    this.zoomTo(this.across * (event.deltaY > 0 ? ZOOM_STEP : 1 / ZOOM_STEP));
  }

  pressed(event) {
    const arrow = ARROWS[event.key];
    if (arrow) {
      const far = this.frame.offsetWidth * STEP * (event.shiftKey ? 5 : 1);
      this.shift(arrow[0] * far, arrow[1] * far);
    } else if (["+", "="].includes(event.key)) this.zoomTo(this.across / ZOOM_STEP);
    else if (event.key === "-") this.zoomTo(this.across * ZOOM_STEP);
    else return;
    event.preventDefault();
  }

  async finish() {
    if (this.busy) return;
    this.busy = true;
    this.done.textContent = "裁剪中…";
    const error = await this.send({ left: Math.round(this.left), top: Math.round(this.top), width: Math.round(this.across) });
    this.busy = false;
    this.done.textContent = "裁剪";
    if (error) this.tell(error);
    else this.dialog.close();
  }
}

function loadedStyles(href) {
  return new Promise((resolve) => {
    const link = element("link");
    Object.assign(link, { rel: "stylesheet", href, onload: resolve, onerror: resolve });
    document.head.append(link);
  });
}

let styled;

export async function openCutter({ styles, ...options }) {
  await (styled ??= loadedStyles(styles));
  new Cutter(options).open();
}
