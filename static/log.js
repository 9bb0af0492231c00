/* The log form remembers: a kind that is ticked fills in what is as last time, but for what somebody
   has typed already. Also: the reason for a late entry is asked for late entries alone, and what the
   record would count for follows the list of people. No words here: they come from data-*. */

const form = document.querySelector("form[data-log]");
const FILLED = ["begins", "ends", "day", "place", "chair", "recorder", "lecturer"];
const touched = new Set();

const memoryOf = () => {
  const place = document.getElementById("memory");
  return place && place.dataset.memory ? JSON.parse(place.dataset.memory) : {};
};

const tickedKinds = () =>
  [...form.querySelectorAll("input[name=kinds]:checked")].map((box) => box.value);

/* The newest of what is remembered of the ticked kinds. */
const alike = () => {
  const memory = memoryOf();
  const known = tickedKinds().map((kind) => memory[kind]).filter(Boolean);
  return known.reduce((best, one) => (!best || one.held > best.held ? one : best), null);
};

const offerTopic = (last) => {
  const button = form.querySelector("[data-again]");
  if (!button) return;
  const isOffered = last && !form.elements.topic.value;
  button.hidden = !isOffered;
  if (!isOffered) return;
  button.dataset.topic = last.topic;
  button.textContent = button.dataset.words.replace("{topic}", last.topic);
};

const fillAgain = () => {
  const last = alike();
  offerTopic(last);
  if (!last || form.dataset.log === "change") return;
  FILLED.filter((name) => form.elements[name] && !touched.has(name)).forEach((name) => {
    form.elements[name].value = last[name];
  });
  /* A day of somebody's own choosing: hours that are still to come there are not proposed. */
  const until = `${form.elements.day.value}T${form.elements.ends.value}`;
  if (touched.has("day") && new Date(until) > Date.now()) {
    ["begins", "ends"].filter((name) => !touched.has(name)).forEach((name) => { form.elements[name].value = ""; });
  }
};

const showLate = () => {
  const place = form.querySelector("[data-late]");
  if (!place) return;
  const typed = form.elements.last_day.value || form.elements.day.value;
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(typed);
  const days = parts ? (Date.now() - new Date(parts[1], parts[2] - 1, parts[3])) / 86400000 : 0;
  place.hidden = days < Number(place.dataset.late) + 1 && !form.elements.late_reason.value;
};

if (form) {
  /* A name is looked for in all units, also in those whose list is folded. */
  form.addEventListener("input", (event) => {
    if (event.target.dataset.filter !== "#roll-list" || !event.target.value) return;
    form.querySelectorAll(".roll-fold").forEach((fold) => { fold.open = true; });
  });
  form.addEventListener("input", (event) => {
    if (event.isTrusted && event.target.name) touched.add(event.target.name);
    offerTopic(alike());
    showLate();
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "kinds") fillAgain();
    showLate();
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-again]");
    if (!button) return;
    form.elements.topic.value = button.dataset.topic;
    form.elements.topic.dispatchEvent(new Event("input", { bubbles: true }));
    button.hidden = true;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id === "roll") window.htmx.trigger("#serves", "refresh");
  });
  if (form.querySelector("[data-filled]")) FILLED.forEach((name) => touched.add(name));
  offerTopic(alike());
  showLate();
}
