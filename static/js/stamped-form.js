// 提交盖章文件 without leaving the page: [data-stamped-form]. Chosen files are sent one after the other, with a bar each; one that the
// network lost is sent again without being chosen again. Pages are turned, moved and taken away in place. Every answer is the page that a
// browser without this module would show; what stands in it takes the place of what stands here.

import { Refused, prepared } from "./picture-files.js";

const LOST = "网络断开，没有传完。文件还在，不用重新选择";
const BUSY = "没有传上去。请稍后再试，文件不用重新选择";
const SECONDS = 120;
const TOO_LARGE = 413; // said by what stands before the site

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

// A file on its way, as a line with its name, state, bar and buttons.
class Line {
  constructor(file, list) {
    this.file = file;
    this.item = element("li");
    this.state = element("span", "scan-sending__state");
    this.bar = element("progress");
    this.bar.max = 1;
    this.bar.setAttribute("aria-label", `${file.name} 的上传进度`);
    this.acts = element("div", "scan-sending__acts");
    this.item.append(element("span", "scan-sending__name", file.name), this.state, this.bar, this.acts);
    list.append(this.item);
    this.wait();
  }

  wait() {
    this.show("等待上传", 0);
  }

  show(text, share) {
    this.item.classList.remove("is-refused");
    this.acts.replaceChildren();
    this.state.textContent = text;
    this.bar.hidden = false;
    if (share === null) this.bar.removeAttribute("value");
    else this.bar.value = share;
  }

  refuse(text, buttons) {
    this.item.classList.add("is-refused");
    this.state.textContent = text;
    this.bar.hidden = true;
    this.acts.replaceChildren(
      ...buttons.map(([label, act]) => {
        const button = element("button", "btn btn-outline-primary btn-sm", label);
        button.type = "button";
        button.addEventListener("click", act);
        return button;
      }),
    );
  }

  remove() {
    this.item.remove();
  }
}

class StampedForm {
  constructor(root) {
    this.root = root;
    this.queue = [];
    this.sending = false;
    this.ticks = new Map();
    // These two outlive the answers: files on their way, and what a screen reader is told.
    this.list = root.querySelector("[data-scan-sending]") ?? element("ul", "scan-sending");
    this.said = root.querySelector("[data-scan-said]") ?? element("p");
    root.addEventListener("change", (event) => this.changed(event));
    root.addEventListener("click", (event) => this.clicked(event));
    root.addEventListener("submit", (event) => this.submitted(event));
    this.bindDrop();
    window.addEventListener("online", () => this.again());
    window.addEventListener("beforeunload", (event) => {
      if (this.sending || this.queue.some((line) => line.lost)) event.preventDefault();
    });
    this.bind();
  }

  // What has to be found anew after each answer.
  bind() {
    this.root.classList.add("is-live");
    this.form = this.root.querySelector("[data-scan-upload]");
    this.root.querySelector("[data-scan-sending]")?.replaceWith(this.list);
    this.root.querySelector("[data-scan-said]")?.replaceWith(this.said);
  }

  changed(event) {
    if (event.target.matches("[data-scan-upload] input[type=file]")) {
      const replaces = event.target.dataset.replaces ?? "";
      this.take([...event.target.files], replaces);
      event.target.value = ""; // the same file may be chosen again
      delete event.target.dataset.replaces;
    } else if (event.target.name === "basis") {
      this.ticks.set(event.target.value, event.target.checked);
    }
  }

  clicked(event) {
    const link = event.target.closest("[data-scan-replace]");
    if (!link) return;
    event.preventDefault();
    const input = this.form.querySelector("input[type=file]");
    input.dataset.replaces = link.dataset.scanReplace;
    input.multiple = false;
    input.click();
    input.multiple = true;
  }

  bindDrop() {
    const over = (isOver) => (event) => {
      event.preventDefault();
      this.root.classList.toggle("is-over", isOver);
    };
    this.root.addEventListener("dragover", over(true));
    this.root.addEventListener("dragleave", over(false));
    this.root.addEventListener("drop", (event) => {
      over(false)(event);
      if (this.form) this.take([...event.dataTransfer.files], "");
    });
  }

  take(files, replaces) {
    for (const file of files) {
      const line = new Line(file, this.list);
      line.replaces = replaces;
      this.queue.push(line);
    }
    this.work();
  }

  async work() {
    if (this.sending) return;
    this.sending = true;
    for (let line = this.next(); line; line = this.next()) await this.send(line);
    this.sending = false;
  }

  next() {
    return this.queue.find((line) => !line.lost && !line.refused);
  }

  async send(line) {
    try {
      line.show("正在准备…", null);
      line.ready ??= await prepared(line.file, {
        pictureMegabytes: Number(this.form.dataset.pictureMegabytes),
        pdfMegabytes: Number(this.form.dataset.pdfMegabytes),
      });
      this.answered(line, await this.posted(line));
    } catch (failure) {
      if (failure instanceof Refused) this.refuse(line, failure.message);
      else this.lose(line, failure.message);
    }
  }

  posted(line) {
    const data = new FormData(this.form);
    data.delete("scans");
    data.set("replaces", line.replaces);
    data.append("scans", line.ready, line.ready.name);
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.form.action);
      request.timeout = SECONDS * 1000;
      request.upload.addEventListener("progress", (event) => {
        const share = event.lengthComputable ? event.loaded / event.total : null;
        line.show(share === null ? "正在上传…" : `已上传 ${Math.floor(share * 100)}%`, share);
      });
      request.upload.addEventListener("load", () => line.show("正在检查…", null));
      request.addEventListener("load", () => (request.status >= 500 ? reject(new Error(BUSY)) : resolve(request)));
      for (const end of ["error", "timeout", "abort"]) request.addEventListener(end, () => reject(new Error(LOST)));
      request.send(data);
    });
  }

  answered(line, request) {
    if (request.status === TOO_LARGE) throw new Refused("文件太大，没有收到。请压缩后重新上传");
    const fresh = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("[data-stamped-form]");
    if (!fresh) return window.location.assign(request.responseURL || window.location.href); // logged out, or no form is awaited any more
    const errors = [...fresh.querySelectorAll("[data-scan-errors] .field__error")].map((one) => one.textContent.trim());
    const trouble = fresh.querySelector(".notice--error")?.textContent.trim();
    this.forget(line);
    if (errors.length || trouble) this.refuse(line, trouble ?? errors.join(" ").replace(`「${line.ready.name}」`, ""));
    for (const element of fresh.querySelectorAll("[data-scan-errors], .error-summary")) element.remove();
    fresh.querySelector(".field--error")?.classList.remove("field--error");
    this.swap(fresh);
    if (!errors.length && !trouble) this.say(`${line.file.name} 已上传并检查，现在共 ${this.root.querySelectorAll(".scan-page").length} 页`);
    return undefined;
  }

  forget(line) {
    this.queue = this.queue.filter((one) => one !== line);
    line.remove();
  }

  refuse(line, text) {
    this.forget(line);
    line.refused = true;
    this.list.append(line.item);
    line.refuse(text, [["知道了", () => line.remove()]]);
    this.say(`${line.file.name}：${text}`);
  }

  lose(line, text) {
    line.lost = true;
    line.refuse(text, [
      ["重试", () => this.again(line)],
      ["不传了", () => this.forget(line)],
    ]);
    this.say(`${line.file.name}：${text}`);
  }

  again(only = null) {
    for (const line of this.queue) {
      if (line.lost && (only === null || line === only)) {
        line.lost = false;
        line.wait();
      }
    }
    this.work();
  }

  async submitted(event) {
    if (!event.target.matches("[data-scan-acts]") || !window.fetch) return;
    event.preventDefault();
    if (this.acting) return;
    this.acting = true;
    const { name, value } = event.submitter;
    const data = new FormData(event.target);
    data.set(name, value);
    try {
      const response = await fetch(event.target.action, { method: "POST", body: data });
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-stamped-form]");
      if (!fresh) return window.location.assign(response.url);
      this.swap(fresh);
      this.refocus(value);
    } catch {
      this.say("网络断开，没有改动。请再试一次");
    } finally {
      this.acting = false;
    }
    return undefined;
  }

  swap(fresh) {
    this.root.replaceChildren(...fresh.childNodes);
    this.bind();
    for (const box of this.root.querySelectorAll("[name=basis]")) {
      if (this.ticks.has(box.value)) box.checked = this.ticks.get(box.value);
    }
  }

  // The same button, or the other one of the pair, or the page, or what stands there now.
  refocus(value) {
    const [verb, page] = value.split("-");
    const other = { up: "down", down: "up" }[verb];
    const wanted = [`[value="${value}"]`, `[value="${other}-${page}"]`, `#page-${page} button`, ".scan-page button", "[data-scan-upload] input[type=file]"];
    wanted.map((selector) => this.root.querySelector(selector)).find(Boolean)?.focus();
    const place = [...this.root.querySelectorAll(".scan-page")].findIndex((item) => item.id === `page-${page}`) + 1;
    const words = { up: `现在是第 ${place} 页`, down: `现在是第 ${place} 页`, turn: `第 ${place} 页已旋转`, remove: "已删除一页" };
    this.say(words[verb]);
  }

  say(text) {
    this.said.textContent = text;
  }
}

for (const root of document.querySelectorAll("[data-stamped-form]")) new StampedForm(root);
