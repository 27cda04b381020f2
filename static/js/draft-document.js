// What the number of an identity document tells stands on the page as soon as it is complete: birth date and sex, which cannot be changed
// while they follow from it, and where the document was issued. The server knows the rule: form[data-draft] hears draft:answered.

function hintOf(field) {
  const id = `${field.id.replace(/_field$/, "")}_helptext`;
  let hint = document.getElementById(id);
  if (!hint) {
    hint = document.createElement("p");
    hint.className = "field__hint";
    hint.id = id;
    field.querySelector(".field__label").after(hint);
  }
  return hint;
}

function lock(field, { locked, hint }) {
  for (const control of field.querySelectorAll("input")) {
    if (control.type === "radio") control.disabled = locked && !control.checked;
    else control.readOnly = locked;
  }
  const said = hintOf(field);
  said.textContent = hint;
  said.hidden = !hint;
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  form.addEventListener("draft:answered", ({ detail: { told } }) => {
    if (!told) return;
    for (const [name, answer] of Object.entries(told.answers)) lock(document.getElementById(`id_${name}_field`), answer);
    const line = form.querySelector("[data-issued-in]");
    line.querySelector("span").textContent = told.issued_in;
    line.hidden = !told.issued_in;
  });
}
