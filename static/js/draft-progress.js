// How far one has come, part by part, and the way to the next gap. form[data-draft] with data-open: the fields in which the server found
// something missing or wrong. A field is a gap while it has to be answered and is not, or while the server finds something wrong with the
// answer. It writes into the lists of parts (.progress-nav, [data-jump-list]), [data-progress-line], [data-progress-count] and the link
// [data-next-gap].

const NAME = /^id_(.+)_field$/;

function isAnswered(field) {
  const tile = field.querySelector("[data-upload-tile]");
  if (tile) return tile.classList.contains("upload--filled") && !tile.classList.contains("upload--error");
  const boxes = [...field.querySelectorAll("input[type=checkbox], input[type=radio]")].filter(({ name }) => !name.endsWith("_pick"));
  if (boxes.length) return boxes.some(({ checked }) => checked);
  const selects = [...field.querySelectorAll("select")].filter(({ disabled }) => !disabled);
  if (selects.length) return selects.every(({ value }) => value);
  return Boolean(field.querySelector("input:not([type=hidden]), textarea")?.value.trim());
}

const isWrong = (field) => field.classList.contains("field--error");
const isShown = (field) => !field.hidden && !field.closest("[hidden]");
const isRequired = (field) => Boolean(field.querySelector(".field__label--required")) && field.id !== "id_phone_field";

class Progress {
  constructor(form) {
    this.form = form;
    this.wrong = new Set(form.dataset.open.split(" ").filter(Boolean));
    this.parts = [...form.querySelectorAll(".form-part")].map((part) => ({ part, fields: [...part.querySelectorAll(".field[id]")] }));
    this.next = form.querySelector("[data-next-gap]");
    this.jump = document.querySelector("[data-jump-list]");
    form.addEventListener("input", ({ target }) => this.look(target.closest(".field[id]")));
    form.addEventListener("change", ({ target }) => this.look(target.closest(".field[id]")));
    form.addEventListener("focusout", () => setTimeout(() => this.write()));
    form.addEventListener("draft:answered", ({ detail }) => this.heard(detail));
    this.next.addEventListener("click", (event) => this.goOn(event));
    this.jump?.addEventListener("click", ({ target }) => target.closest("a") && this.jump.removeAttribute("open"));
  }

  look(field) {
    const name = field?.id.match(NAME)?.[1];
    if (!name) return;
    this.wrong.delete(name); // until the server has seen the new answer
    // What else is asked follows from an answer: other modules show and hide it first.
    setTimeout(() => this.write());
  }

  heard({ errors, faults }) {
    for (const [name, wrong] of Object.entries({ ...faults, ...errors })) {
      if (wrong) this.wrong.add(name);
      else this.wrong.delete(name);
    }
    this.write();
  }

  isOpen(field) {
    return isShown(field) && (this.wrong.has(field.id.match(NAME)?.[1]) || (isRequired(field) && !isAnswered(field)));
  }

  write() {
    const told = this.parts.map(({ part, fields }) => this.told(part, fields));
    const required = told.reduce((sum, one) => sum + one.required, 0);
    const done = told.reduce((sum, one) => sum + one.done, 0);
    const wrong = told.filter((one) => one.wrong).length;
    this.put("[data-progress-count]", `${done} / ${required} 必填项`);
    this.put("[data-progress-line]", `共 ${told.length} 部分${wrong ? `，${wrong} 部分有误` : ""}`);
    told.forEach((one, index) => this.writePart(one, index));
    const gaps = this.gaps();
    this.next.hidden = gaps.length === 0;
    this.put("[data-gap-count]", String(gaps.length));
    this.shortenSummary();
  }

  // The summary of errors on top loses what was mended.
  shortenSummary() {
    const summary = document.querySelector(".error-summary");
    for (const link of summary?.querySelectorAll("li > a[href^='#id_']") ?? []) {
      const field = document.getElementById(link.hash.slice(1))?.closest(".field[id]");
      if (field && !isWrong(field) && !this.isOpen(field)) link.parentElement.remove();
    }
    const left = summary?.querySelectorAll("li").length;
    if (left === 0) summary.remove();
    else if (left) summary.querySelector("h2").textContent = `还有 ${left} 处需要您修改`;
  }

  told(part, fields) {
    const asked = fields.filter((field) => isShown(field) && isRequired(field));
    const done = asked.filter((field) => !this.isOpen(field)).length;
    const wrong = fields.filter((field) => isShown(field) && isWrong(field)).length;
    const note = wrong ? `${wrong} 处有误` : asked.length ? `${done}/${asked.length}` : "选填";
    return { id: part.id, required: asked.length, done, wrong, note, isDone: asked.length > 0 && done === asked.length && !wrong };
  }

  writePart({ id, note, wrong, isDone }, index) {
    for (const line of document.querySelectorAll(`:is(.progress-nav, [data-jump-list]) a[href="#${id}"] em`)) {
      if (line.textContent !== note) line.textContent = note;
      line.classList.toggle("is-wrong", wrong > 0);
    }
    this.jump?.querySelectorAll(".jump-list__bars i")[index]?.classList.toggle("is-done", isDone);
  }

  put(place, text) {
    for (const element of document.querySelectorAll(place)) if (element.textContent !== text) element.textContent = text;
  }

  gaps() {
    return this.parts.flatMap(({ fields }) => fields.filter((field) => this.isOpen(field)));
  }

  // The next one below what is being looked at, or from the top again.
  goOn(event) {
    const gaps = this.gaps();
    const here = document.activeElement?.closest(".field[id]");
    const behind = (field) => (here ? here.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_FOLLOWING : field.getBoundingClientRect().top > 90);
    const field = gaps.find(behind) ?? gaps[0];
    if (!field) return;
    event.preventDefault();
    field.scrollIntoView({ block: "start" });
    const control = field.querySelector("input[type=search], input:not([type=hidden], [readonly]), select:not([disabled]), textarea");
    control?.focus({ preventScroll: true });
  }
}

for (const form of document.querySelectorAll("form[data-draft]")) new Progress(form);
