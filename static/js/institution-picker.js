// Counters, chips, a search by name or pinyin, and full groups that take no more. [data-institution-picker]
// The check boxes stay the truth: everything here follows from them.

function plain(text) {
  return text.toLowerCase().replace(/[\s'’·]/g, "");
}

class Group {
  constructor(picker, section) {
    this.section = section;
    this.limit = Number(section.dataset.limit);
    this.held = Number(section.dataset.held ?? 0); // places that are taken already, beside what is chosen here
    this.heading = section.querySelector("h3");
    this.counter = picker.querySelector(`[data-picker-counter="${section.dataset.pickerGroup}"]`);
    this.rows = [...section.querySelectorAll("li")].map((row) => ({
      row,
      box: row.querySelector("input"),
      label: row.querySelector("label").firstChild.textContent.trim(),
      words: `${plain(row.querySelector("label").textContent)} ${row.dataset.search.toLowerCase()}`,
    }));
  }

  chosen() {
    return this.rows.filter(({ box }) => box.checked);
  }

  refresh() {
    const count = this.held + this.chosen().length;
    const isFull = count >= this.limit;
    for (const { box } of this.rows) box.disabled = "alwaysOff" in box.dataset || (isFull && !box.checked);
    this.heading.textContent = `${this.heading.dataset.title}，${isFull ? "已选满" : `还可选 ${this.limit - count} 个`}`;
    const number = this.counter.querySelector("[data-picker-count]");
    number.textContent = count;
    number.hidden = false;
    this.counter.querySelector("[data-picker-slash]").hidden = false;
    this.counter.querySelector(".picker__most").hidden = true;
    this.counter.querySelector("[data-picker-full]").hidden = !isFull;
  }

  filter(wanted) {
    let shown = 0;
    for (const { row, words } of this.rows) {
      row.hidden = wanted !== "" && !words.split(" ").some((word) => word.includes(wanted));
      if (!row.hidden) shown += 1;
    }
    this.section.hidden = shown === 0;
    return shown;
  }
}

class Picker {
  constructor(picker) {
    this.picker = picker;
    this.groups = [...picker.querySelectorAll("[data-picker-group]")].map((section) => new Group(picker, section));
    this.chips = picker.querySelector("[data-picker-chips]");
    this.status = picker.querySelector("[data-picker-status]");
    this.none = picker.querySelector("[data-picker-none]");
    this.search = picker.querySelector("[data-picker-search]");
    this.input = this.search.querySelector("input");
    this.input.addEventListener("input", () => this.filter());
    this.input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault(); // searching is not submitting
    });
    picker.addEventListener("change", (event) => {
      if (event.target.type === "checkbox") this.changed(event.target);
    });
    this.chips.addEventListener("click", (event) => this.remove(event));
    this.refresh();
  }

  changed(box) {
    this.refresh();
    const group = this.groups.find(({ section }) => section.contains(box));
    this.status.textContent = `${group.heading.dataset.title}已选 ${group.chosen().length} 个，最多 ${group.limit - group.held} 个`;
  }

  refresh() {
    for (const group of this.groups) group.refresh();
    const chosen = this.groups.flatMap((group) => group.chosen());
    this.chips.replaceChildren(...chosen.map(({ box, label }) => this.chip(box, label)));
    this.chips.hidden = chosen.length === 0;
  }

  chip(box, label) {
    const chip = document.createElement("li");
    chip.className = "chip";
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.removes = box.id;
    button.setAttribute("aria-label", `移除${label}`);
    const sprite = document.querySelector(".icon use").getAttribute("href").split("#")[0];
    button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="${sprite}#x"></use></svg>`;
    chip.append(label, button);
    return chip;
  }

  remove(event) {
    const button = event.target.closest("[data-removes]");
    if (!button) return;
    const box = document.getElementById(button.dataset.removes);
    box.checked = false;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    (this.chips.querySelector("button") ?? this.input).focus();
  }

  filter() {
    const wanted = plain(this.input.value);
    const shown = this.groups.map((group) => group.filter(wanted)).reduce((sum, count) => sum + count, 0);
    this.none.hidden = shown > 0;
    this.status.textContent = wanted ? `找到 ${shown} 个机构` : "";
  }
}

for (const picker of document.querySelectorAll("[data-institution-picker]")) new Picker(picker);
