// Pictures that go with their form: shown at once, made smaller where they are too large. The form waits for a picture that is being made
// ready, and for the person where one cannot be taken: none is left out without a word.

import { Refused, prepared } from "./picture-files.js";
import { View } from "./upload-view.js";

class FormTile extends View {
  constructor(field) {
    super(field);
    this.empty = this.tile.cloneNode(true);
    if (this.input.files.length) this.chosen(this.input.files[0]); // the browser kept the choice over a reload
  }

  async chosen(file) {
    const turn = (this.turn = {}); // a later choice makes this one void
    this.refused = false;
    this.fault("");
    this.state("正在准备…", { share: null });
    this.ready = prepared(file, this.limits);
    try {
      const ready = await this.ready;
      if (turn !== this.turn) return;
      this.clearState();
      this.put(ready);
    } catch (failure) {
      if (turn === this.turn) this.refuse(failure instanceof Refused ? failure.message : "打不开这张图片。请换成 JPG 或 PNG 图片", file);
    }
    if (turn === this.turn) this.ready = null;
  }

  put(file) {
    const carrier = new DataTransfer();
    carrier.items.add(file);
    this.input.files = carrier.files;
    this.preview(file);
    this.tile.classList.add("upload--filled");
    this.part("verb").textContent = "更换";
  }

  refuse(message, file) {
    this.refused = true;
    this.input.value = "";
    this.emptyFrame();
    this.say("name", file.name);
    this.say("ok", "");
    this.tile.classList.remove("upload--filled");
    this.fault(message);
    this.part("verb").textContent = "重新选择";
    this.state("", { acts: [["不传了", () => this.clear()]] });
  }

  clear() {
    this.refused = false;
    this.fault("");
    this.tile.replaceWith(this.empty.cloneNode(true));
    this.input.focus();
  }
}

const tiles = new Map();
for (const tile of document.querySelectorAll("[data-upload-tile]")) {
  const field = tile.closest(".field");
  tiles.set(field, new FormTile(field));
}

async function hold(event) {
  const own = [...tiles.values()].filter((tile) => event.target.contains(tile.field));
  const waiting = own.filter((tile) => tile.ready);
  const refused = own.find((tile) => tile.refused);
  if (!waiting.length && !refused) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (refused) {
    refused.field.closest("details")?.setAttribute("open", "");
    refused.field.scrollIntoView({ block: "center" });
    refused.input.focus({ preventScroll: true });
    return;
  }
  await Promise.allSettled(waiting.map((tile) => tile.ready));
  event.target.requestSubmit(event.submitter);
}

document.addEventListener("submit", hold, true);
