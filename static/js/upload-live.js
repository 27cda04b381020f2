// The pictures of 医护会员注册 are sent as soon as they are chosen, and are part of the draft then: form[data-pictures-url]. What the
// network lost is sent again by itself, without being chosen again. The server answers with the tile as it is now
// (membership/views/apply_pictures.py). Other modules hear draft:answered of the form; what other devices did is heard by it too.

import { Refused, prepared, warningOf } from "./picture-files.js";
import { View, element } from "./upload-view.js";

const LOST = "网络断开，没有传完。图片还在，联网后会接着传";
const BUSY = "没有传上去，稍后会再试。图片还在，不用重新选择";
const NOT_DONE = "网络断开，没有改动。请再试一次";
const ELSEWHERE = "已在另一台设备更换";
const UNREADABLE = "打不开这张图片。请换成 JPG 或 PNG 图片";
const SECONDS = 120;
const RETRY_MS = [3000, 6000, 15000, 30000];
const TOO_LARGE = 413; // said by what stands before the site
const HAS_DIALOGS = "HTMLDialogElement" in window; // without them the buttons lead to pages, as without this module
const SAVED = /^(已保存 [-\d: ]+)?$/;

class Pictures {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.picturesUrl;
    this.said = element("p", "visually-hidden");
    this.said.setAttribute("role", "status");
    form.append(this.said);
    this.tiles = [...form.querySelectorAll("[data-upload-tile]")].map((tile) => new LiveTile(tile.closest(".field"), this));
    form.classList.add("is-live");
    form.addEventListener("submit", (event) => this.submitted(event), true);
    form.addEventListener("draft:answered", ({ detail }) => detail.elsewhere && this.look());
    window.addEventListener("online", () => this.tiles.forEach((tile) => tile.again()));
    window.addEventListener("beforeunload", (event) => {
      if (this.tiles.some((tile) => tile.file)) event.preventDefault();
    });
  }

  // The cookie follows a login in another tab; the form has the token of its own time.
  token() {
    return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? this.form.elements.csrfmiddlewaretoken.value;
  }

  body(values) {
    const body = new FormData();
    const all = { csrfmiddlewaretoken: this.token(), seen: this.form.elements.seen.value, ...values };
    for (const [name, value] of Object.entries(all)) body.append(name, value);
    return body;
  }

  // The page knows this edit, if it is the only one since; otherwise the next saving finds out what else there is.
  adopt({ seen, note }) {
    const known = this.form.elements.seen;
    const [dossier, edits] = known.value.split("-");
    if (seen === `${dossier}-${Number(edits) + 1}`) known.value = seen;
    for (const place of document.querySelectorAll("[data-save-note]")) if (SAVED.test(place.textContent)) place.textContent = note;
  }

  answered(name) {
    this.form.dispatchEvent(new CustomEvent("draft:answered", { detail: { errors: {}, faults: { [name]: "" } } }));
    this.goOn();
  }

  // Somebody else saved: their pictures are shown, where none is on its way from here.
  async look() {
    const response = await fetch(this.url, { headers: { Accept: "application/json" } }).catch(() => null);
    const { tiles } = (await response?.json().catch(() => null)) ?? {};
    for (const tile of tiles ? this.tiles : []) tile.heard(tiles[tile.name]);
  }

  // The form waits until what is on its way has arrived, or asks what to do where it cannot.
  submitted(event) {
    const stuck = this.tiles.find((tile) => tile.stuck);
    if (!stuck && !this.tiles.some((tile) => tile.file)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (stuck) return this.show(stuck);
    this.held = event.submitter;
    this.say("图片传完后会继续");
  }

  goOn() {
    if (this.held === undefined || this.tiles.some((tile) => tile.file)) return;
    const submitter = this.held;
    this.held = undefined;
    this.form.requestSubmit(submitter);
  }

  stopped(tile) {
    if (this.held === undefined) return;
    this.held = undefined;
    this.show(tile);
  }

  show(tile) {
    tile.field.scrollIntoView({ block: "center" });
    tile.part("state")?.querySelector("button")?.focus({ preventScroll: true });
  }

  say(text) {
    this.said.textContent = text;
  }
}

class LiveTile extends View {
  constructor(field, page) {
    super(field);
    this.page = page;
    this.name = this.input.name;
    this.url = `${page.url}${this.name}/`;
    this.failures = 0;
    field.addEventListener("click", (event) => this.clicked(event));
    this.bind();
    if (this.input.files.length) this.chosen(this.input.files[0]); // chosen before this module was there
  }

  get picture() {
    return this.tile.dataset.picture ?? "";
  }

  // What stands in the way of sending the form: a picture that was lost or refused.
  get stuck() {
    return Boolean(this.lost || this.refused);
  }

  bind() {
    for (const button of this.tile.querySelectorAll("[data-upload-act=cut]")) button.hidden = !HAS_DIALOGS;
  }

  // --- Sending ---------------------------------------------------------------------------------------

  async chosen(file) {
    this.stop();
    this.former ??= this.tile.cloneNode(true); // what stands there until the new one has arrived
    this.file = file;
    this.refused = false;
    this.input.value = ""; // it is not sent again with the form, and may be chosen again
    this.fault("");
    this.tile.classList.add("upload--sending");
    this.state("正在准备…", { share: null });
    try {
      const ready = await prepared(file, this.limits);
      if (file !== this.file) return;
      this.ready = ready;
      this.preview(ready);
      const warning = await warningOf(ready, this.limits).catch(() => {
        throw new Refused(UNREADABLE);
      });
      if (file !== this.file) return;
      this.say("warning", warning);
      this.send();
    } catch (failure) {
      if (file === this.file) this.refuse(failure instanceof Refused ? failure.message : UNREADABLE);
    }
  }

  send() {
    this.lost = false;
    this.fault("");
    clearTimeout(this.timer);
    this.state("正在上传…", { share: 0, acts: [["取消", () => this.cancel()]] });
    const request = new XMLHttpRequest();
    this.request = request;
    request.open("POST", this.url);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = SECONDS * 1000;
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => {
      if (request !== this.request) return;
      const share = event.lengthComputable ? event.loaded / event.total : null;
      this.progress(share === null ? "正在上传…" : `已上传 ${Math.floor(share * 100)}%`, share);
    });
    request.upload.addEventListener("load", () => request === this.request && this.progress("正在检查…", null));
    request.addEventListener("load", () => request === this.request && this.arrived(request));
    for (const end of ["error", "timeout"]) request.addEventListener(end, () => request === this.request && this.lose(LOST));
    request.send(this.page.body({ act: "upload", picture: this.picture, [this.name]: this.ready }));
  }

  arrived({ status, response }) {
    this.request = null;
    const answer = response ?? {};
    if (status === TOO_LARGE) this.refuse("图片太大，没有收到。请换一张小一些的");
    else if (answer.leave) this.leave(answer);
    else if (answer.tile) this.swap(answer);
    else if (status === 422) this.refuse(answer.error);
    else this.lose(answer.error ?? BUSY, answer.retry_after);
  }

  refuse(message) {
    this.say("name", this.file?.name ?? "");
    this.stop();
    this.refused = true;
    this.emptyFrame();
    this.say("ok", "");
    this.say("warning", "");
    this.fault(message);
    this.part("verb").textContent = "重新选择";
    const hadOne = Boolean(this.former.dataset.picture);
    this.state(hadOne ? "原来的图片还在，没有换掉" : "", { acts: [[hadOne ? "不换了" : "不传了", () => this.cancel()]] });
    this.page.say(message);
    this.page.stopped(this);
  }

  lose(message, seconds) {
    this.request = null;
    this.lost = true;
    this.say("ok", "");
    this.fault(message);
    this.state("", { acts: [["重试", () => this.again()], ["不传了", () => this.cancel()]] });
    this.page.say(message);
    this.page.stopped(this);
    const wait = seconds ? seconds * 1000 : RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => navigator.onLine && this.again(), wait);
  }

  again() {
    if (this.lost) this.send();
  }

  // Logged out, another account, submitted meanwhile: the way on, and the picture kept for who comes back by another tab.
  leave({ leave, url }) {
    this.lost = true;
    this.fault(leave);
    const line = this.state("", { acts: [["重试", () => this.again()], ["不传了", () => this.cancel()]] });
    const link = element("a", "btn btn-text btn-sm", "继续");
    link.href = url;
    link.addEventListener("click", () => (this.file = null)); // nothing is lost without a word: this was the word
    line.querySelector(".upload__acts").append(link);
    this.page.say(leave);
    this.page.stopped(this);
  }

  // Ends what is under way.
  stop() {
    const request = this.request;
    this.request = null;
    request?.abort();
    clearTimeout(this.timer);
    this.file = null;
    this.ready = null;
    this.lost = false;
    this.failures = 0;
  }

  cancel() {
    this.stop();
    this.refused = false;
    this.fault("");
    this.tile.replaceWith(this.former);
    this.former = null;
    this.bind();
    this.input.focus({ preventScroll: true });
    this.page.say(this.picture ? "没有更换，仍是原来的图片" : "没有上传");
    this.page.goOn();
  }

  // --- What the server said --------------------------------------------------------------------------

  swap(answer) {
    this.stop();
    this.refused = false;
    this.former = null;
    this.put(answer.tile);
    this.fault(answer.error ?? "");
    this.page.adopt(answer);
    this.page.say(answer.error ?? answer.said);
    if (answer.said?.includes("，")) this.state(answer.said);
    this.page.answered(this.name);
  }

  put(html) {
    const active = document.activeElement;
    const held = this.tile.contains(active) ? (active.dataset.uploadAct ?? "") : null;
    const holder = document.createElement("template");
    holder.innerHTML = html;
    this.tile.replaceWith(holder.content.querySelector("[data-upload-tile]"));
    this.bind();
    if (held !== null) (this.tile.querySelector(`[data-upload-act="${held}"]`) ?? this.input).focus({ preventScroll: true });
  }

  heard({ tile, picture }) {
    if (picture === this.picture || this.file || this.acting) return;
    this.refused = false;
    this.former = null;
    this.put(tile);
    this.fault("");
    this.state(ELSEWHERE);
    this.page.say(`${this.field.querySelector(".field__label").textContent.trim()}${ELSEWHERE}`);
    this.page.answered(this.name);
  }

  // --- Turning, cutting, removing --------------------------------------------------------------------

  async clicked(event) {
    const button = event.target.closest("[data-upload-act]");
    const { uploadAct: act } = button?.dataset ?? {};
    if (!act || (act === "remove" && !HAS_DIALOGS)) return;
    event.preventDefault();
    if (this.acting || this.file) return;
    if (act === "turn") await this.shown(await this.act("turn"));
    else if (act === "remove") (await this.mayRemove()) && (await this.shown(await this.act("remove")));
    else await this.cut();
  }

  // The dialog stays open until the answer is there, and says what went wrong.
  async cut() {
    const { openCutter } = await import("./upload-crop.js");
    await openCutter({
      original: this.tile.dataset.original,
      crop: this.tile.dataset.crop,
      least: this.limits.short,
      styles: this.page.form.dataset.cropStyles,
      send: async (box) => {
        const answer = await this.act("cut", box);
        if (answer.tile || answer.leave) await this.shown(answer);
        return answer.tile || answer.leave ? "" : answer.error;
      },
      closed: () => this.tile.querySelector("[data-upload-act=cut]")?.focus({ preventScroll: true }),
    });
  }

  async act(act, values = {}) {
    this.acting = true;
    this.tile.setAttribute("aria-busy", "true");
    try {
      const body = this.page.body({ act, picture: this.picture, ...values });
      const response = await fetch(this.url, { method: "POST", body, headers: { Accept: "application/json" } });
      const answer = await response.json();
      return answer.tile || answer.leave || answer.error ? answer : { error: BUSY };
    } catch {
      return { error: NOT_DONE };
    } finally {
      this.acting = false;
      this.tile.removeAttribute("aria-busy");
    }
  }

  shown(answer) {
    if (answer.tile) this.swap(answer);
    else if (answer.leave) this.away(answer);
    else {
      this.fault(answer.error);
      this.page.say(answer.error);
    }
  }

  away({ leave, url }) {
    this.fault(leave);
    const link = element("a", "btn btn-text btn-sm", "继续");
    link.href = url;
    this.state("").append(link);
  }

  mayRemove() {
    const dialog = element("dialog", "dialog");
    const title = element("h2", "dialog__title", "删除这张图片？");
    title.id = `remove_${this.name}`;
    dialog.setAttribute("aria-labelledby", title.id);
    const row = element("div", "btn-row");
    const keep = element("button", "btn btn-outline-primary", "保留图片");
    const remove = element("button", "btn btn-outline-danger", "删除图片");
    for (const button of [keep, remove]) button.type = "button";
    row.append(keep, remove);
    dialog.append(title, element("p", "", "删除后可以重新上传。"), row);
    document.body.append(dialog);
    return new Promise((resolve) => {
      keep.addEventListener("click", () => dialog.close());
      remove.addEventListener("click", () => dialog.close("remove"));
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "remove");
      });
      dialog.showModal();
    });
  }
}

for (const form of document.querySelectorAll("form[data-pictures-url]")) new Pictures(form);
