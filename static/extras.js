/* The kinds' own fields on the log form: shown for the kinds that are ticked, the rest put away.
   Without it all are offered, each with the kinds that ask for it. No words here. */

const form = document.querySelector("form[data-log]");
const section = form && form.querySelector("[data-extra]");

const showFields = () => {
  const ticked = new Set([...form.querySelectorAll("input[name=kinds]:checked")].map((box) => box.value));
  let shown = 0;
  section.querySelectorAll("[data-extra-for]").forEach((place) => {
    place.hidden = !place.dataset.extraFor.split(" ").some((kind) => ticked.has(kind));
    shown += place.hidden ? 0 : 1;
  });
  section.hidden = shown === 0;
  if (shown) section.open = true;
};

/* What is chosen from the records becomes a line of the list above. */
const addLine = (field) => {
  const options = [...field.list.options].map((option) => option.value);
  if (!options.includes(field.value)) return;
  const lines = document.getElementById(field.dataset.adds);
  const kept = lines.value.trim();
  if (!kept.split("\n").includes(field.value)) lines.value = kept ? `${kept}\n${field.value}` : field.value;
  field.value = "";
  lines.dispatchEvent(new Event("input", { bubbles: true }));
};

if (section) {
  section.querySelectorAll(".extra-add").forEach((label) => { label.hidden = false; });
  section.addEventListener("input", (event) => {
    if (event.target.dataset.adds) addLine(event.target);
  });
  section.classList.add("has-js");
  form.addEventListener("change", (event) => {
    if (event.target.name === "kinds") showFields();
  });
  document.addEventListener("htmx:afterSettle", showFields);
  showFields();
}
