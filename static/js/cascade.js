// Province, city, county: when one select changes, the next is filled from data-url?parent=<code> and those after it are emptied. [data-cascade]
// An answer is {"items": [{"code": "120100", "name": "天津市"}, …]}; no items: the next select is not asked for and rests.

function fill(select, items) {
  const empty = [...select.options].find((option) => option.value === "") ?? new Option("请选择", "");
  select.replaceChildren(empty, ...items.map(({ code, name }) => new Option(name, code)));
  select.value = "";
  select.disabled = items.length === 0;
}

async function children(url, parent) {
  const address = new URL(url, window.location.href);
  address.searchParams.set("parent", parent);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).items;
}

function bind(cascade) {
  const selects = [...cascade.querySelectorAll("select")];
  let turn = 0;

  async function changed(index) {
    const mine = ++turn;
    const parent = selects[index].value;
    for (const later of selects.slice(index + 1)) fill(later, []);
    if (!parent || index + 1 === selects.length) return;
    try {
      const items = await children(cascade.dataset.url, parent);
      if (mine === turn) fill(selects[index + 1], items); // a slower answer to an earlier choice is dropped
    } catch {
      if (mine === turn) selects[index + 1].disabled = false;
    }
  }

  // Another module puts an answer in: the codes, step by step.
  cascade.addEventListener("cascade:choose", async ({ detail }) => {
    for (const [index, select] of selects.entries()) {
      select.value = detail[index] ?? "";
      await changed(index);
    }
  });

  selects.forEach((select, index) => {
    select.addEventListener("change", () => changed(index));
    const isEmpty = ![...select.options].some((option) => option.value !== "");
    if (index > 0 && isEmpty && !selects[index - 1].value) select.disabled = true;
  });
}

for (const cascade of document.querySelectorAll("[data-cascade][data-url]")) bind(cascade);
