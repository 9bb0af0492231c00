/* Handing in files: a choice is sent at once, one file after the other, with a bar of progress;
   photos are made smaller here first, so that a phone's network carries a tenth. Without it the
   plain form does the same. No words here: they come from data-*. */

const QUALITY = 0.85;
const PHOTO = /^image\/(jpeg|png|webp)$/;

/* The photo upright, no longer than `side`; the file itself where the browser can't, or need not. */
const shrunk = async (file, side) => {
  if (!PHOTO.test(file.type) || !window.createImageBitmap) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, side / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const smaller = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
    return smaller && smaller.size < file.size ? smaller : file;
  } catch {
    return file;
  }
};

const send = (form, body, name, advance) =>
  new Promise((done, fail) => {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    data.append("kind", form.elements.kind.value);
    data.append("files", body, name);
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) advance(event.loaded / event.total);
    });
    request.addEventListener("load", () => {
      if (request.status === 200 && !request.responseURL.includes("/sign-in/")) done(request.responseText);
      else fail(new Error(String(request.status)));
    });
    request.addEventListener("error", () => fail(new Error("network")));
    request.send(data);
  });

const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

/* The card as the server draws it takes the place of the one that is shown. */
const replace = (card, html, kept) => {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  const fresh = holder.content.querySelector("[data-files]");
  if (!fresh) return card;
  const kind = fresh.querySelector("select[name=kind]");
  if (kind) kind.value = kept.kind;
  if (kept.refusals.length) {
    const first = fresh.querySelector(".card-body");
    kept.refusals.forEach((alert) => first.prepend(alert));
  }
  card.replaceWith(fresh);
  if (window.htmx) window.htmx.process(fresh);
  start(fresh);
  return fresh;
};

const sendAll = async (form, files) => {
  const card = form.closest("[data-files]");
  const bar = form.querySelector("[data-progress]");
  const words = bar.querySelector("[data-progress-words]");
  const meter = bar.querySelector("progress");
  const kept = { kind: form.elements.kind.value, refusals: [] };
  let html = "";
  bar.hidden = false;
  for (const [place, file] of files.entries()) {
    words.textContent = filled(form.dataset.sending, {
      name: file.name, number: place + 1, total: files.length,
    });
    meter.value = 0;
    try {
      const body = await shrunk(file, Number(form.dataset.side));
      html = await send(form, body, file.name, (share) => { meter.value = share * 100; });
      if (place < files.length - 1) {
        const holder = document.createElement("template");
        holder.innerHTML = html;
        kept.refusals.push(...holder.content.querySelectorAll("[role=alert]"));
      }
    } catch {
      words.textContent = filled(form.dataset.failed, { name: file.name });
      form.reset();
      if (html) continue;
      return;
    }
  }
  if (html) replace(card, html, kept);
};

const start = (root) => {
  root.querySelectorAll("form[data-upload]").forEach((form) => {
    if (form.dataset.started) return;
    form.dataset.started = "1";
    form.classList.add("sends-at-once");
    form.addEventListener("change", (event) => {
      const field = event.target;
      if (field.type !== "file" || !field.files.length) return;
      event.stopPropagation(); /* a file that is sent is nothing that one could lose */
      sendAll(form, [...field.files]);
    });
  });
};

/* Fields of a form that is sent later as a whole: the photos in them are made smaller on the spot.
   Whoever is faster than that sends them as they are. */
const shrinkInPlace = async (field, side) => {
  const chosen = [...field.files];
  const smaller = await Promise.all(chosen.map(async (file) => {
    const body = await shrunk(file, side);
    return body === file ? file : new File([body], file.name, { type: body.type });
  }));
  const isSame = field.files.length === chosen.length && chosen.every((file, place) => file === field.files[place]);
  if (!isSame) return; /* something else was chosen meanwhile */
  const holder = new DataTransfer();
  smaller.forEach((file) => holder.items.add(file));
  field.files = holder.files;
};

document.querySelectorAll("[data-shrink]").forEach((group) => {
  group.addEventListener("change", (event) => {
    if (event.target.type === "file") shrinkInPlace(event.target, Number(group.dataset.shrink));
  });
});

start(document);
document.addEventListener("htmx:load", (event) => start(event.target.parentNode || document));
