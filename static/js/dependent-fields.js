// Shows the fields, and stars those, that the choices made so far are asked for. form[data-dependent-fields] with data-type-field,
// data-document-field and data-referral-field: the names of the inputs. On fields and on words inside labels: data-show-for,
// data-show-for-document, data-show-for-referral; on fields: data-require-for, data-require-for-document. Each lists the values that fit;
// «-» stands for nothing chosen yet. The server writes the first state. Hidden fields are still sent; the server knows what it asks for.

const AXES = [
  { field: "typeField", show: "showFor", require: "requireFor" },
  { field: "documentField", show: "showForDocument", require: "requireForDocument" },
  { field: "referralField", show: "showForReferral", require: "requireForReferral" },
];
const SHOWN = "[data-show-for], [data-show-for-document], [data-show-for-referral]";
const STARRED = "[data-require-for], [data-require-for-document], [data-require-for-referral]";

function valueOf(form, name) {
  const control = name && form.elements.namedItem(name);
  return (control && control.value) || "-";
}

function fits(words, value) {
  return !words || words.split(" ").includes(value);
}

function refresh(form) {
  const axes = AXES.filter(({ field }) => form.dataset[field]).map((axis) => ({ ...axis, value: valueOf(form, form.dataset[axis.field]) }));
  for (const element of form.querySelectorAll(SHOWN)) {
    element.hidden = !axes.every(({ show, value }) => fits(element.dataset[show], value));
  }
  for (const element of form.querySelectorAll(STARRED)) {
    const star = axes.every(({ require, value }) => fits(element.dataset[require], value));
    element.querySelector(".field__label").classList.toggle("field__label--required", star);
  }
}

for (const form of document.querySelectorAll("form[data-dependent-fields]")) {
  form.addEventListener("change", (event) => {
    if (AXES.some(({ field }) => form.dataset[field] === event.target.name)) refresh(form);
  });
  refresh(form);
}
