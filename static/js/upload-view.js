// An upload tile as it is seen: the picture, what is said of it, what waits for an answer. The tile may be drawn anew by the server; the
// field around it stays.

import { megabytes } from "./picture-files.js";

export function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function icon(name) {
  const sprite = document.querySelector(".icon use").getAttribute("href").split("#")[0];
  return `<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}

export class View {
  constructor(field) {
    this.field = field;
    field.addEventListener("change", (event) => event.target === this.input && this.input.files.length && this.chosen(this.input.files[0]));
    this.bindDrop();
  }

  get tile() {
    return this.field.querySelector("[data-upload-tile]");
  }

  get input() {
    return this.tile.querySelector("input[type=file]");
  }

  get limits() {
    const { shortSide, longSide } = this.input.dataset;
    const isPhoto = !this.part("frame").classList.contains("upload__frame--wide");
    return { pictureMegabytes: Number(this.tile.dataset.megabytes), short: Number(shortSide), long: Number(longSide), isPhoto };
  }

  part(name) {
    return this.tile.querySelector(`[data-upload-${name}]`);
  }

  say(name, text) {
    const place = name === "error" ? this.field.querySelector("[data-upload-error]") : this.part(name);
    (place.querySelector("span") ?? place).textContent = text;
    place.hidden = !text;
  }

  fault(message) {
    this.say("error", message);
    const answered = this.field.querySelector(".field__errors"); // what the server said about the file before
    if (answered) answered.hidden = true;
    this.tile.classList.toggle("upload--error", Boolean(message));
    this.field.classList.toggle("field--error", Boolean(message));
  }

  preview(file) {
    const image = new Image();
    image.alt = "所选图片的预览";
    image.onload = () => URL.revokeObjectURL(image.src);
    image.src = URL.createObjectURL(file);
    this.part("frame").replaceChildren(image);
    this.say("name", file.name);
    this.say("ok", `${megabytes(file.size)} MB`);
  }

  emptyFrame() {
    this.part("frame").innerHTML = `${icon("file-x")}<span>未上传</span>`;
  }

  // One line in the tile with a state, a bar (share: 0 to 1, null for unknown, undefined for none) and buttons.
  state(text, { share, acts = [] } = {}) {
    this.clearState();
    const line = element("div", "upload__state");
    line.dataset.uploadState = "";
    line.append(element("p", "", text));
    if (share !== undefined) {
      const bar = element("progress");
      bar.max = 1;
      if (share !== null) bar.value = share;
      bar.setAttribute("aria-label", "上传进度");
      line.append(bar);
    }
    if (acts.length) {
      const row = element("div", "upload__acts");
      for (const [label, act] of acts) {
        const button = element("button", "btn btn-outline-primary btn-sm", label);
        button.type = "button";
        button.addEventListener("click", act);
        row.append(button);
      }
      line.append(row);
    }
    this.tile.querySelector(".upload__side").append(line);
    return line;
  }

  progress(text, share) {
    const line = this.part("state");
    line.querySelector("p").textContent = text;
    const bar = line.querySelector("progress");
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
  }

  clearState() {
    this.part("state")?.remove();
  }

  bindDrop() {
    const over = (isOver) => (event) => {
      event.preventDefault();
      this.tile.classList.toggle("upload--over", isOver);
    };
    this.field.addEventListener("dragover", over(true));
    this.field.addEventListener("dragleave", over(false));
    this.field.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) this.chosen(event.dataTransfer.files[0]);
    });
  }
}
