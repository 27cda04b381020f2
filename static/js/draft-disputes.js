// An answer that was changed here and on another device: both are shown beside the field, and the person decides.
// form[data-draft] hears draft:disputed {name, here, there} and says draft:decided {name, side}: «here» or «there».

function button(text, choose) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-outline-primary btn-sm";
  made.textContent = text;
  made.addEventListener("click", choose);
  return made;
}

function row(label, answer) {
  const line = document.createElement("p");
  const value = document.createElement("b");
  value.textContent = answer;
  line.append(`${label}：`, value);
  return line;
}

function panel(form, { name, here, there }) {
  const box = document.createElement("div");
  box.className = "dispute";
  box.id = `dispute_${name}`;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "与另一台设备填写的不同");
  const title = document.createElement("p");
  title.className = "dispute__title";
  title.textContent = "另一台设备也改了这一项，请选择以哪个为准";
  const decide = (side) => () => {
    box.remove();
    form.dispatchEvent(new CustomEvent("draft:decided", { detail: { name, side } }));
    document.querySelector(`#id_${name}_field :is(input:not([type=hidden]), select, textarea)`)?.focus({ preventScroll: true });
  };
  const buttons = document.createElement("div");
  buttons.className = "btn-row";
  buttons.append(button("以本页为准", decide("here")), button("用另一台的", decide("there")));
  box.append(title, row("本页", here), row("另一台", there), buttons);
  return box;
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  // Spoken at once: it stands where somebody just typed, and waits for them.
  const spoken = document.createElement("p");
  spoken.className = "visually-hidden";
  spoken.setAttribute("role", "status");
  form.append(spoken);
  form.addEventListener("draft:disputed", ({ detail }) => {
    document.getElementById(`dispute_${detail.name}`)?.remove();
    const field = document.getElementById(`id_${detail.name}_field`);
    field.append(panel(form, detail));
    const label = field.querySelector(".field__label").textContent.trim();
    spoken.textContent = `${label}与另一台设备填写的不同，请选择以哪个为准`;
  });
}
