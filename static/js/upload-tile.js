// Shows what was chosen, and says at once what the server would refuse anyway. [data-upload-tile] with data-megabytes.

const MB = 1024 * 1024;

function megabytes(bytes) {
  return bytes < MB / 10 ? "0.1 MB" : `${(bytes / MB).toFixed(1)} MB`;
}

function icon(name) {
  const sprite = document.querySelector(".icon use").getAttribute("href").split("#")[0];
  return `<svg class="icon" aria-hidden="true"><use href="${sprite}#${name}"></use></svg>`;
}

function fault(file, limit) {
  if (file.size > limit * MB) return `文件 ${megabytes(file.size)}，超过 ${limit} MB。请压缩后重新上传`;
  if (/\.hei[cf]$/i.test(file.name)) return "这是 HEIC 格式的照片。请在相册里另存为 JPG，或截屏后上传";
  return "";
}

class Tile {
  constructor(tile) {
    this.tile = tile;
    this.field = tile.closest(".field");
    this.input = tile.querySelector("input[type=file]");
    this.frame = tile.querySelector("[data-upload-frame]");
    this.name = tile.querySelector("[data-upload-name]");
    this.ok = tile.querySelector("[data-upload-ok]");
    this.error = this.field.querySelector("[data-upload-error]");
    this.verb = tile.querySelector("[data-upload-verb]");
    this.before = this.frame.innerHTML;
    this.input.addEventListener("change", () => this.show());
    this.bindDrop();
    if (this.input.files.length) this.show(); // the browser kept the choice over a reload
  }

  show() {
    const file = this.input.files[0];
    if (!file) return this.clear();
    const message = fault(file, Number(this.tile.dataset.megabytes));
    this.say(this.name, file.name);
    this.refuse(message);
    this.say(this.ok, message ? "" : megabytes(file.size));
    this.verb.textContent = message ? "重新选择" : "更换";
    if (message) {
      this.input.value = "";
      this.frame.innerHTML = `${icon("file-x")}<span>未上传</span>`;
    } else {
      this.preview(file);
    }
  }

  clear() {
    this.frame.innerHTML = this.before;
    this.say(this.name, "");
    this.say(this.ok, "");
    this.refuse("");
    this.verb.textContent = "选择文件";
  }

  say(element, text) {
    (element.querySelector("span") ?? element).textContent = text;
    element.hidden = !text;
  }

  refuse(message) {
    this.say(this.error, message);
    const answered = this.field.querySelector(".field__errors"); // what the server said about the file before
    if (answered) answered.hidden = true;
    this.tile.classList.toggle("upload--error", Boolean(message));
    this.tile.classList.toggle("upload--filled", !message);
    this.field.classList.toggle("field--error", Boolean(message));
  }

  preview(file) {
    if (!file.type.startsWith("image/")) {
      this.frame.innerHTML = `${icon("file-check")}<span>已选择</span>`;
      return;
    }
    const image = new Image();
    image.alt = "所选图片的预览";
    image.onload = () => URL.revokeObjectURL(image.src);
    image.onerror = () => this.refuse("打不开这张图片。请换成 JPG 或 PNG");
    image.src = URL.createObjectURL(file);
    this.frame.replaceChildren(image);
  }

  bindDrop() {
    const over = (isOver) => (event) => {
      event.preventDefault();
      this.tile.classList.toggle("upload--over", isOver);
    };
    this.tile.addEventListener("dragover", over(true));
    this.tile.addEventListener("dragleave", over(false));
    this.tile.addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.dataTransfer.files.length) return;
      this.input.files = event.dataTransfer.files;
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

for (const tile of document.querySelectorAll("[data-upload-tile]")) new Tile(tile);
