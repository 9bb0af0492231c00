/* The log form: the credit as it is typed, and the fields that the chosen kinds ask for.
   Everything works without it; the server is the truth. No words here: they come from data-*. */

const DAY = 24 * 60;

const minutesOf = (text) => {
  const parts = /^(\d{1,2}):(\d{2})/.exec(text);
  return parts ? Number(parts[1]) * 60 + Number(parts[2]) : null;
};

const dayNumber = (text) => {
  const parts = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  return parts ? Date.UTC(parts[1], parts[2] - 1, parts[3]) / 86400000 : null;
};

/* Minutes from the first day's midnight to begin and end; null while not all is typed. */
const spanOf = (form) => {
  const value = (name) => (form.elements[name] ? form.elements[name].value : "");
  const first = dayNumber(value("day"));
  const begins = minutesOf(value("begins"));
  if (first === null || begins === null) return null;
  const end = minutesOf(value("ends"));
  const lastDay = dayNumber(value("last_day"));
  if (end === null) {
    const hours = Number(value("hours"));
    return hours > 0 ? { first, begins, ends: begins + Math.round(hours * 60) } : null;
  }
  if (end === 0 && lastDay === null) return { first, begins, ends: DAY };
  return { first, begins, ends: ((lastDay === null ? first : lastDay) - first) * DAY + end };
};

const yearOf = (day) => new Date(day * 86400000).getUTCFullYear();

/* The credit in hundredths of a day, half up, at most a whole day for each date. */
const creditOf = (span, perDay) => {
  const minutes = span.ends - span.begins;
  const per = Math.round(perDay * 100) * 60;
  const hundredths = Math.floor((2 * minutes * 10000 + per) / (2 * per));
  const dates = Math.ceil(span.ends / DAY);
  return { worth: Math.max(1, Math.min(hundredths, dates * 100)), capped: hundredths > dates * 100 };
};

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_whole, name) => values[name]);

const showCredit = (form) => {
  const place = form.querySelector("[data-credit]");
  const span = spanOf(form);
  place.classList.remove("is-wrong");
  if (span === null) {
    place.textContent = "";
    return;
  }
  const lastDate = span.first + Math.ceil(span.ends / DAY) - 1;
  const wrong = span.ends <= span.begins ? "backwards" : yearOf(lastDate) !== yearOf(span.first) ? "year" : "";
  if (wrong) {
    place.textContent = place.dataset[wrong];
    place.classList.add("is-wrong");
    return;
  }
  const typed = form.elements.credit.value.trim();
  const { worth, capped } = creditOf(span, Number(place.dataset.per));
  const values = {
    hours: String(Math.round((span.ends - span.begins) / 0.6) / 100),
    per: String(Number(place.dataset.per)),
    credit: typed || (worth / 100).toFixed(2),
  };
  place.textContent = fill(typed ? place.dataset.set : capped ? place.dataset.capped : place.dataset.rule, values);
};

const showAsked = (form) => {
  const asked = new Set();
  form.querySelectorAll("[data-kind-asks]:checked").forEach((box) => {
    box.dataset.kindAsks.split(" ").forEach((name) => asked.add(name));
  });
  form.querySelectorAll("[data-asks]").forEach((place) => {
    place.hidden = !asked.has(place.dataset.asks);
  });
  const group = form.querySelector("[data-asked]");
  group.hidden = ![...group.children].some((child) => !child.hidden);
  form.classList.toggle("asks-grades", asked.has("grades"));
};

const showModes = (form) => {
  const mode = form.querySelector("input[name=mode]:checked");
  form.classList.toggle("is-mixed", Boolean(mode) && mode.value === "mixed");
};

const show = (form) => {
  showCredit(form);
  showAsked(form);
  showModes(form);
};

const form = document.querySelector("form[data-log]");
if (form) {
  form.classList.add("has-js");
  form.addEventListener("input", () => show(form));
  form.addEventListener("change", () => show(form));
  document.addEventListener("htmx:afterSettle", () => show(form));
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-grade-all]");
    if (!button) return;
    form.querySelectorAll(".roll-grade").forEach((choice) => {
      if (!choice.value) choice.value = button.dataset.gradeAll;
    });
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.id !== "find") return;
    event.preventDefault();
    form.querySelector("button[value=find]").click();
  });
  show(form);
}
