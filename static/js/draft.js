// The draft saves itself while the form is being filled in, field by field. form[data-draft] with data-draft-url, data-draft-owner,
// data-draft-tab; its hidden inputs «seen» and «marks» tell which draft the page knows (membership/views/draft_saving.py).
//
// What could not be sent is kept in this browser until it could: in localStorage, under a name that only this person's pages know; identity
// numbers (data-draft-tab) in sessionStorage, which goes with the tab. It is removed once it is saved, at logout (draft-forget.js), and
// after a week. What is typed while the page is online stays out of the browser's storage.
//
// Other modules hear of what happens by events of the form: draft:answered (what the server said), draft:disputed and draft:decided.

const TYPING_MS = 800;
const CHOOSING_MS = 60;
const RETRY_MS = [3000, 6000, 15000, 30000];
const AWAY_MS = 20000; // so long out of sight, that another device may have saved
const KEPT_MS = 7 * 24 * 60 * 60 * 1000;
const PREFIX = "draft:";
const AXES = ["member_type", "document_kind", "referral_method"]; // other answers are understood by these
const OFFLINE = "网络断开，已存在本机";
const FAILED = "暂时没有存上，已存在本机";

// A browser may forbid its storage; then only the page holds what was typed.
function storage(kind) {
  try {
    return window[kind];
  } catch {
    return { getItem: () => null, setItem() {}, removeItem() {} };
  }
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

class Store {
  constructor({ draftOwner, draft, draftTab }) {
    this.key = `${PREFIX}${draftOwner}:${draft}`;
    this.tabOnly = new Set(draftTab.split(" "));
    this.places = [storage("localStorage"), storage("sessionStorage")];
    this.places.forEach((place) => this.tidy(place));
  }

  // Another person's answers, and those of a draft that is no more, have no business here.
  tidy(place) {
    for (const key of Object.keys(place)) if (key.startsWith(PREFIX) && key !== this.key) place.removeItem(key);
  }

  read(place) {
    try {
      return JSON.parse(place.getItem(this.key)) ?? {};
    } catch {
      return {};
    }
  }

  all() {
    return this.places.flatMap((place) => Object.entries(this.read(place)));
  }

  keep(name, entry) {
    this.write(name, (kept) => ({ ...kept, [name]: entry }));
  }

  drop(name) {
    this.write(name, ({ [name]: _, ...rest }) => rest);
  }

  write(name, change) {
    const place = this.places[this.tabOnly.has(name) ? 1 : 0];
    const kept = change(this.read(place));
    try {
      if (Object.keys(kept).length) place.setItem(this.key, JSON.stringify(kept));
      else place.removeItem(this.key);
    } catch {
      // A full or forbidden storage: the page itself still holds the answer.
    }
  }
}

class Field {
  constructor(wrapper) {
    this.wrapper = wrapper;
    this.name = wrapper.id.slice("id_".length, -"_field".length);
    this.held = "";
  }

  controls() {
    return [...this.wrapper.querySelectorAll("input[name], select[name], textarea[name]")];
  }

  // As the form would send it: a list of values for each control's name.
  sent() {
    const sent = {};
    for (const control of this.controls()) {
      const values = (sent[control.name] ??= []);
      const isBox = control.type === "checkbox" || control.type === "radio";
      if (isBox ? control.checked : true) values.push(control.value);
    }
    return sent;
  }

  show(sent) {
    const cascade = this.wrapper.querySelector("[data-cascade]");
    if (cascade) {
      cascade.dispatchEvent(new CustomEvent("cascade:choose", { detail: Object.values(sent).flat() }));
      return;
    }
    for (const control of this.controls()) {
      const values = sent[control.name] ?? [];
      if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
      else control.value = values[0] ?? "";
    }
  }

  // While somebody types, nothing is said of what is not finished; it is said when they leave the field.
  say(message) {
    const active = document.activeElement;
    const typing = this.wrapper.contains(active) && active.matches("input:not([type=checkbox], [type=radio]), textarea");
    this.held = typing ? message : "";
    if (!typing || !message) this.write(message);
  }

  left() {
    if (this.held) this.write(this.held);
    this.held = "";
  }

  write(message) {
    const id = `id_${this.name}_error`;
    let box = document.getElementById(id);
    if (!box && !message) return;
    if (!box) {
      box = document.createElement("div");
      box.className = "field__errors";
      box.id = id;
      const before = this.wrapper.querySelector(".field__hint") ?? this.wrapper.querySelector(".field__label");
      before.after(box);
    }
    box.hidden = !message;
    box.replaceChildren(...(message ? [this.line(message)] : []));
    this.wrapper.classList.toggle("field--error", Boolean(message));
    for (const control of this.controls().filter(({ type }) => type !== "hidden")) this.describe(control, id, Boolean(message));
  }

  line(message) {
    const line = document.createElement("p");
    line.className = "field__error";
    const sprite = document.querySelector(".icon use").getAttribute("href").split("#")[0];
    line.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${sprite}#circle-alert"></use></svg>`;
    line.append(message);
    return line;
  }

  describe(control, id, isWrong) {
    const others = (control.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
    const described = isWrong ? [...others, id] : others;
    if (described.length) control.setAttribute("aria-describedby", described.join(" "));
    else control.removeAttribute("aria-describedby");
    if (isWrong) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
}

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draftUrl;
    this.store = new Store(form.dataset);
    this.seen = form.elements.seen;
    this.marks = new Map(form.elements.marks.value.split(" ").filter(Boolean).map((pair) => pair.split(":")));
    this.fields = new Map();
    for (const wrapper of form.querySelectorAll(".field[id^=id_][id$=_field]")) {
      const field = new Field(wrapper);
      if (this.marks.has(field.name)) this.fields.set(field.name, field);
    }
    this.unsent = new Set();
    // What the server put before the person to decide is not saved by typing on.
    this.disputed = new Map([...form.querySelectorAll("input[name=disputed]")].map(({ value }) => [value, null]));
    this.failures = 0;
    this.bind();
    this.restore();
  }

  bind() {
    const { form } = this;
    form.addEventListener("input", (event) => !event.isComposing && this.changed(event.target, TYPING_MS));
    form.addEventListener("compositionend", (event) => this.changed(event.target, TYPING_MS));
    form.addEventListener("change", (event) => this.changed(event.target, CHOOSING_MS));
    form.addEventListener("focusout", (event) => setTimeout(() => this.left(event.target)));
    form.addEventListener("draft:decided", ({ detail }) => this.decided(detail));
    form.addEventListener("submit", (event) => this.submitted(event));
    document.addEventListener("visibilitychange", () => this.seenOrNot());
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("online", () => this.save());
    window.addEventListener("offline", () => this.unsent.size && this.failed(OFFLINE));
  }

  fieldOf(control) {
    const wrapper = control.name && control.closest(".field[id^=id_][id$=_field]");
    return wrapper && this.fields.get(wrapper.id.slice("id_".length, -"_field".length));
  }

  changed(control, wait) {
    const field = this.applying ? null : this.fieldOf(control);
    if (!field || this.disputed.has(field.name)) return;
    this.unsent.add(field.name);
    if (this.failures) this.keep(field.name);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  left(control) {
    const field = this.fieldOf(control);
    if (field && !field.wrapper.contains(document.activeElement)) field.left();
  }

  // --- Sending ---------------------------------------------------------------------------------------

  body(names) {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", this.token());
    body.append("seen", this.seen.value);
    body.append("marks", [...this.marks].map((pair) => pair.join(":")).join(" "));
    for (const axis of AXES) body.append(axis, this.form.elements.namedItem(axis)?.value ?? "");
    for (const name of names) {
      body.append("save", name);
      if (AXES.includes(name)) continue;
      for (const [control, values] of Object.entries(this.fields.get(name).sent())) for (const value of values) body.append(control, value);
    }
    return body;
  }

  // The cookie follows a login in another tab; the form has the token of its own time.
  token() {
    return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? this.form.elements.csrfmiddlewaretoken.value;
  }

  async save({ asking = false } = {}) {
    clearTimeout(this.timer);
    if (this.closed || (!this.unsent.size && !asking)) return;
    if (this.busy) {
      this.again = true;
      return;
    }
    const names = [...this.unsent];
    const sent = new Map(names.map((name) => [name, this.fields.get(name).sent()]));
    this.unsent.clear();
    this.busy = names;
    try {
      await this.send(names, sent);
    } finally {
      this.busy = null;
    }
    if (this.again || (this.unsent.size && !this.failures)) {
      this.again = false;
      this.save();
    }
  }

  async send(names, sent) {
    let response, answer;
    try {
      response = await fetch(this.url, { method: "POST", body: this.body(names), headers: { Accept: "application/json" }, keepalive: true });
      answer = await response.json();
    } catch {
      this.back(names);
      this.failed(response ? FAILED : OFFLINE);
      return;
    }
    if (answer.leave) this.close(names, answer);
    else if (answer.seen) this.answered(names, sent, answer);
    else {
      this.back(names);
      this.failed(answer.error ?? FAILED, answer.retry_after);
    }
  }

  back(names) {
    for (const name of names) this.unsent.add(name);
  }

  failed(note, seconds) {
    for (const name of this.unsent) this.keep(name);
    this.note(note);
    const wait = seconds ? seconds * 1000 : RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  keep(name) {
    this.store.keep(name, { sent: this.fields.get(name).sent(), mark: this.marks.get(name), seen: this.seen.value, at: Date.now() });
  }

  // The page has to be left: logged out, another account, submitted meanwhile. What was typed waits in the browser.
  close(names, { leave, url }) {
    this.back(names);
    for (const name of this.unsent) this.keep(name);
    this.closed = true;
    const box = this.form.querySelector("[data-draft-leave]");
    const link = box.querySelector("a");
    const last = names.at(-1);
    box.querySelector("span").textContent = leave;
    // After a login the way leads back to the same field.
    link.href = last && url.includes("next=") ? url + encodeURIComponent(`#id_${last}_field`) : url;
    box.hidden = false;
    this.note("");
  }

  // --- What the server said --------------------------------------------------------------------------

  answered(names, sent, answer) {
    this.failures = 0;
    this.seen.value = answer.seen;
    for (const name of names) this.settle(name, sent.get(name), answer);
    for (const [name, mark] of Object.entries(answer.marks)) this.marks.set(name, mark);
    for (const [name, other] of Object.entries(answer.disputes ?? {})) this.dispute(name, other);
    for (const [name, other] of Object.entries(answer.elsewhere ?? {})) this.take(name, other);
    for (const [name, told] of Object.entries(answer.told?.answers ?? {})) this.take(name, told);
    const said = { ...Object.fromEntries(names.map((name) => [name, ""])), ...answer.faults, ...answer.errors };
    for (const [name, fault] of Object.entries(said)) this.fields.get(name)?.say(fault);
    this.form.elements.marks.value = [...this.marks].map((pair) => pair.join(":")).join(" ");
    this.sayWhatIsLeft(answer);
    this.form.dispatchEvent(new CustomEvent("draft:answered", { detail: answer }));
  }

  settle(name, sent, { errors, disputes }) {
    if (name in errors) this.keep(name); // refused: it stands on the page alone
    else if (!(name in (disputes ?? {})) && same(this.fields.get(name).sent(), sent)) this.store.drop(name);
  }

  dispute(name, other) {
    this.disputed.set(name, other);
    this.form.dispatchEvent(new CustomEvent("draft:disputed", { detail: { name, here: other.here, there: other.there } }));
  }

  decided({ name, side }) {
    const other = this.disputed.get(name);
    this.disputed.delete(name);
    this.marks.set(name, other.mark);
    this.store.drop(name);
    if (side === "here") {
      this.unsent.add(name);
      this.save();
    } else this.take(name, other);
  }

  // An answer that is stored by now: another device's, or what follows from the number of a document.
  take(name, { sent, mark }) {
    const field = this.fields.get(name);
    if (!field || this.unsent.has(name)) return;
    this.marks.set(name, mark);
    if (same(field.sent(), { ...field.sent(), ...sent })) return;
    this.applying = true;
    field.show(sent);
    field.controls().at(-1)?.dispatchEvent(new Event("change", { bubbles: true }));
    this.applying = false;
  }

  sayWhatIsLeft({ note, errors }) {
    const left = Object.keys(errors).length + this.disputed.size;
    this.note(left ? `${note}，${left} 项除外` : note);
  }

  note(text) {
    for (const place of document.querySelectorAll("[data-save-note]")) if (place.textContent !== text) place.textContent = text;
  }

  // --- Coming and going ------------------------------------------------------------------------------

  restore() {
    for (const [name, { sent, mark, seen, at }] of this.store.all()) {
      const field = this.fields.get(name);
      if (!field || same(field.sent(), sent) || Date.now() - at > KEPT_MS) this.store.drop(name);
      else this.putBack(field, sent, mark, seen);
    }
    if (this.unsent.size) this.save();
    this.focusOn(location.hash);
  }

  // With what the page knew when it was typed: whatever changed elsewhere since is put before the person.
  putBack(field, sent, mark, seen) {
    this.applying = true;
    field.show(sent);
    field.controls().at(-1)?.dispatchEvent(new Event("change", { bubbles: true }));
    this.applying = false;
    if (mark) this.marks.set(field.name, mark);
    this.seen.value = seen;
    this.unsent.add(field.name);
  }

  focusOn(hash) {
    const wrapper = hash.endsWith("_field") && document.getElementById(decodeURIComponent(hash.slice(1)));
    if (!wrapper) return;
    const focus = () => {
      wrapper.scrollIntoView({ block: "start" });
      wrapper.querySelector("input:not([type=hidden]), select, textarea")?.focus({ preventScroll: true });
    };
    // Going to the fragment itself, the browser takes the focus away again until the page has loaded.
    if (document.readyState === "complete") focus();
    else window.addEventListener("load", () => setTimeout(focus), { once: true });
  }

  seenOrNot() {
    if (document.hidden) {
      this.away = Date.now();
      for (const name of this.waiting()) this.keep(name);
      this.save();
    } else if (Date.now() - (this.away ?? Date.now()) > AWAY_MS) this.save({ asking: true });
  }

  waiting() {
    return new Set([...this.unsent, ...(this.busy ?? [])]);
  }

  leave() {
    const names = [...this.waiting()];
    if (!names.length || this.closed) return;
    for (const name of names) this.keep(name);
    navigator.sendBeacon?.(this.url, this.body(names));
  }

  submitted(event) {
    for (const name of this.waiting()) this.keep(name);
    if (navigator.onLine && !this.failures) return;
    event.preventDefault();
    this.note(`${OFFLINE}，联网后再点一次`);
    this.save();
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) new Draft(form);
