// Suggestions below a text field, after the pattern of a combobox with a list. [data-finder] with data-url and data-nothing.
// GET url?q=… answers {"items": [{"value", "label", "note"}, …]}. A chosen one puts its label into the field and its value into the hidden
// [data-finder-chosen]; typing on takes it out again. The server decides what the text means.

const WAIT = 200;
const SHORTEST = 1;

let count = 0;

class Finder {
  constructor(finder) {
    this.finder = finder;
    this.input = finder.querySelector("input:not([type=hidden], [type=radio])");
    this.chosen = finder.querySelector("[data-finder-chosen]");
    this.list = this.makeList();
    this.items = [];
    this.active = -1;
    this.turn = 0;
    this.prepare();
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => this.close());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.clicked(event));
  }

  makeList() {
    const list = document.createElement("ul");
    list.className = "finder__list";
    list.id = `finder-${(count += 1)}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "匹配的结果");
    list.hidden = true;
    this.finder.append(list);
    return list;
  }

  prepare() {
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(attributes)) this.input.setAttribute(name, value);
  }

  typed() {
    if (this.chosen) this.chosen.value = "";
    this.finder.querySelector("[data-finder-candidates]")?.remove(); // they answered another text
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < SHORTEST) return this.close();
    this.timer = setTimeout(() => this.ask(text), WAIT);
  }

  async ask(text) {
    const turn = (this.turn += 1);
    const address = new URL(this.finder.dataset.url, window.location.href);
    address.searchParams.set("q", text);
    try {
      const answer = await fetch(address, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { items } = await answer.json();
      if (turn === this.turn && document.activeElement === this.input) this.show(items);
    } catch {
      this.close(); // offline: the text alone will do
    }
  }

  show(items) {
    this.items = items;
    this.active = -1;
    this.list.replaceChildren(...items.map((item, index) => this.option(item, index)));
    if (items.length === 0) this.list.append(this.nothing());
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.input.removeAttribute("aria-activedescendant");
    this.list.scrollIntoView({ block: "nearest" }); // above the bar at the bottom, which the page keeps free
  }

  option({ label, note }, index) {
    const option = document.createElement("li");
    option.id = `${this.list.id}-${index}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(label);
    if (note) {
      const small = document.createElement("small");
      small.textContent = note;
      option.append(small);
    }
    return option;
  }

  nothing() {
    const line = document.createElement("li");
    line.className = "finder__nothing";
    line.setAttribute("role", "option");
    line.setAttribute("aria-disabled", "true");
    line.textContent = this.finder.dataset.nothing;
    return line;
  }

  close() {
    clearTimeout(this.timer);
    this.turn += 1; // an answer on its way is too late
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    if (event.isComposing) return; // Enter ends an input method's word
    const isOpen = !this.list.hidden && this.items.length > 0;
    if (event.key === "Escape" && !this.list.hidden) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    }
  }

  move(step) {
    const options = [...this.list.children];
    this.active = (this.active + step + options.length) % options.length;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === this.active)));
    this.input.setAttribute("aria-activedescendant", options[this.active].id);
    options[this.active].scrollIntoView({ block: "nearest" });
  }

  clicked(event) {
    const index = [...this.list.children].indexOf(event.target.closest("li"));
    if (index >= 0 && index < this.items.length) this.choose(index);
  }

  choose(index) {
    const { value, label } = this.items[index];
    this.input.value = label;
    if (this.chosen) this.chosen.value = value;
    this.close();
  }
}

// A select with a long list: a text above it finds the entry and chooses it in the select, which stays what is sent.
// select[data-finder-url] with data-finder-hint.
class ListFinder extends Finder {
  constructor(select) {
    const { finderUrl, finderHint } = select.dataset;
    const finder = document.createElement("div");
    finder.className = "finder finder--list";
    Object.assign(finder.dataset, { url: finderUrl, nothing: "没有找到，请换一个写法，或从下面的列表中选择" });
    const input = document.createElement("input");
    Object.assign(input, { type: "search", autocomplete: "off", placeholder: finderHint });
    input.setAttribute("aria-label", finderHint);
    finder.append(input);
    select.before(finder);
    super(finder);
    this.select = select;
  }

  choose(index) {
    const { value } = this.items[index];
    this.close();
    this.input.value = "";
    if (![...this.select.options].some((option) => option.value === value)) return; // the list was changed since the page was opened
    this.select.value = value;
    this.select.dispatchEvent(new Event("change", { bubbles: true }));
    this.select.focus();
  }
}

for (const finder of document.querySelectorAll("[data-finder]")) new Finder(finder);
for (const select of document.querySelectorAll("select[data-finder-url]")) new ListFinder(select);
