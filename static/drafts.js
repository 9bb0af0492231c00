/* What is typed into the log form keeps itself: on the server every few seconds; on this device, by user
   and form, only while the server can't be reached, without numbers that look like an ID or a phone.
   No words here: they come from the page. */

const PREFIX = "portal.log.";
const WAIT = 1500;
const RETRY = 5000;
const TOO_OLD = 7 * 86400000;
const NUMBERS = /(^|\D)(?:\d{17}[\dXx]|\d{15}|1\d{10})(?=\D|$)/g;
const SKIPPED = new Set(["csrfmiddlewaretoken", "find", "do", "offer"]);

const read = (name) => {
  try {
    return JSON.parse(window.localStorage.getItem(name));
  } catch (_error) {
    return null;
  }
};

const write = (name, value) => {
  try {
    window.localStorage.setItem(name, JSON.stringify(value));
  } catch (_error) {
    /* No room, or none allowed: the server has what there is. */
  }
};

const names = (prefix) => Object.keys(window.localStorage).filter((name) => name.startsWith(prefix));

/* A record's page: what was handed in is not needed here any more. */
const handedIn = document.querySelector("[data-handed-in]");
if (handedIn) {
  const keys = handedIn.dataset.handedIn.split(" ");
  names(PREFIX).forEach((name) => {
    const kept = read(name);
    if (kept && kept.sent && keys.some((key) => key && name.endsWith(key))) window.localStorage.removeItem(name);
  });
}

const box = document.querySelector("[data-drafts]");
const form = document.querySelector("form[data-log]");
if (box && form) {
  const { key, url, user, activity = "" } = box.dataset;
  let at = key;  /* or that of the entry beside it, once another window has changed this one */
  let own = `${PREFIX}${user}.${key}`;
  let turn = box.dataset.turn;
  let isStopped = false;
  let isSent = false;
  let isDirty = false;
  let timer = null;
  let found = null;
  let foundAs = "";

  const note = (name) => box.querySelector(`[data-note=${name}]`);
  const show = (name, values = {}) => {
    const place = note(name);
    const told = place.querySelector("[data-words]");
    if (told) {
      told.textContent = told.dataset.words.replace(/\{(\w+)\}/g, (_whole, word) => values[word] || "—");
    }
    place.hidden = false;
  };
  const hide = (...all) => all.forEach((name) => { note(name).hidden = true; });

  const fields = () => [...new FormData(form)].filter(([name, value]) => !SKIPPED.has(name) && typeof value === "string");

  const keepHere = (sent) => write(own, {
    page: window.location.pathname,
    at: Date.now(),
    key,
    activity,
    sent,
    topic: form.elements.topic.value,
    fields: fields().map(([name, value]) => [name, name.includes("-") ? value : value.replace(NUMBERS, "$1")]),
  });

  const setTurn = (number) => {
    turn = number;
    form.elements["draft-turn"].value = number;
    form.elements["draft-key"].value = at;
  };

  const token = () => form.elements.csrfmiddlewaretoken.value;

  const setToken = (value) => {
    document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = value; });
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": value }));
  };

  /* null: no connection; "out": signed out; else the answer. */
  const ask = async (options) => {
    try {
      const answer = await fetch(url, { redirect: "manual", credentials: "same-origin", cache: "no-store", ...options });
      return answer.type === "opaqueredirect" || answer.status === 401 ? "out" : answer;
    } catch (_error) {
      return null;
    }
  };

  const body = (pairs, more) => {
    const said = new URLSearchParams(pairs);
    Object.entries(more).forEach(([name, value]) => said.set(`draft-${name}`, value));
    return said;
  };

  const post = async (said, keepalive = false) => {
    const once = () => ask({ method: "POST", body: said, keepalive, headers: { "X-CSRFToken": token() } });
    const answer = await once();
    if (!answer || answer === "out" || answer.status !== 403) return answer;
    const fresh = await ask({ method: "GET" });  /* the token changed with signing in again */
    if (!fresh || fresh === "out" || !fresh.ok) return "out";
    const told = await fresh.json();
    if (told.user !== user) return "out";  /* somebody else has signed in here */
    setToken(told.token);
    return once();
  };

  const later = (delay) => {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, delay);
  };

  const showKept = (told) => {
    const place = form.querySelector("[data-kept]");
    if (place) place.textContent = told ? place.dataset.words.replace("{time}", told.at) : "";
  };

  const wait = (name) => {
    keepHere(false);
    showKept(null);
    hide(name === "offline" ? "expired" : "offline");
    show(name);
    later(RETRY);
  };

  async function save({ takesOver = false, keepalive = false } = {}) {
    if (isStopped || (!isDirty && !takesOver)) return;
    window.clearTimeout(timer);
    isDirty = false;
    const beside = at === key ? "" : at;
    if (takesOver) at = key;
    const more = { key: at, turn, page: window.location.pathname, ...(activity && { activity }), ...(takesOver && { take: 1, instead: beside }) };
    const answer = await post(body(fields(), more), keepalive);
    if (isSent) return;  /* the form went its way meanwhile: what was kept of it stays until it arrived */
    if (answer === null || answer === "out") {
      isDirty = true;
      at = beside || key;
      wait(answer === null ? "offline" : "expired");
      return;
    }
    hide("offline", "expired");
    const told = answer.headers.get("Content-Type") === "application/json" ? await answer.json() : {};
    if (answer.ok) {
      setTurn(told.turn);
      window.localStorage.removeItem(own);
      if (takesOver) hide("elsewhere");
      showKept(told);
    } else if (answer.status === 409) {
      at = told.aside;
      setTurn(told.aside_turn);
      show("elsewhere", { time: told.at });
      if (isDirty) later(WAIT);
    } else {
      isStopped = true;
    }
  }

  const restore = async (entry) => {
    const more = { key: entry.key, turn: 0, take: 1, page: entry.page, ...(entry.activity && { activity: entry.activity }) };
    const answer = await post(body(entry.fields, more));
    if (answer === null || answer === "out") {
      show(answer === null ? "offline" : "expired");
      return;
    }
    window.localStorage.removeItem(foundAs);
    if (answer.status === 410) {
      window.location.replace((await answer.json()).record);
    } else if (answer.status === 409) {
      window.location.replace(`${entry.page}?draft=${(await answer.json()).aside}`);
    } else if (answer.ok) {
      window.location.replace(`${entry.page}?draft=${entry.key}`);
    }
  };

  const changed = (event) => {
    if (event.target.id === "find" || !event.target.name) return;
    isDirty = true;
    if (!isStopped) later(WAIT);
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    keepHere(true);
    if (!navigator.onLine) {
      event.preventDefault();
      isDirty = true;
      wait("offline");
      return;
    }
    isStopped = true;
    isSent = true;
  });
  /* A part of the page that would lead to the sign-in: what is typed stays before one's eyes. */
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")) return;
    event.preventDefault();
    isDirty = true;
    wait("expired");
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) isStopped = isSent = false; });
  window.addEventListener("online", () => save());
  window.addEventListener("focus", () => { if (!note("expired").hidden) save(); });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save({ keepalive: true });
  });
  box.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button) return;
    const act = button.dataset.act;
    if (act === "retry") { isDirty = true; save(); }
    if (act === "load") window.location.replace(`${window.location.pathname}?draft=${key}`);
    if (act === "take") { isStopped = false; save({ takesOver: true }); }
    if (act === "restore") restore(found);
    if (act === "forget") { window.localStorage.removeItem(foundAs); hide("local"); }
  });

  /* Another window of the same form. */
  if ("BroadcastChannel" in window) {
    const channel = new BroadcastChannel(PREFIX + user);
    channel.addEventListener("message", ({ data }) => {
      if (data.page !== window.location.pathname) return;
      show("twin");
      if (data.isNew) channel.postMessage({ page: data.page, isNew: false });
    });
    channel.postMessage({ page: window.location.pathname, isNew: true });
  }

  /* What was kept on this device and never reached the server. */
  if ("sent" in box.dataset) {
    window.localStorage.removeItem(own);
  } else {
    names(`${PREFIX}${user}.`).forEach((name) => {
      const kept = read(name);
      if (!kept || Date.now() - kept.at > TOO_OLD) window.localStorage.removeItem(name);
      else if (kept.page === window.location.pathname && (!found || kept.at > found.at)) [found, foundAs] = [kept, name];
    });
    if (found && found.sent) restore(found);
    else if (found) show("local", { topic: found.topic });
    if (foundAs === own) own = `${own}.2`;  /* what is typed now is kept beside it */
  }
}
