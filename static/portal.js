/* Small helps for pages that also work without them. No words here: they come from data-* attributes. */
"use strict";

(() => {
  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);

  /* Menus: one open at a time; Escape and a click elsewhere close them. */
  const closeMenus = (except) => {
    each(document, "details[data-menu][open]", (menu) => {
      if (menu !== except) menu.open = false;
    });
  };
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.activeElement.closest("details[data-menu][open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  });

  /* data-confirm="question" on a button or link: ask before it acts. */
  document.addEventListener("click", (event) => {
    const asked = event.target.closest("[data-confirm]");
    if (asked && !window.confirm(asked.dataset.confirm)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  }, true);

  /* "/" goes to the search, unless something is being typed. */
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const field = document.querySelector("[data-search-words]");
    const link = document.querySelector("[data-search-key]");
    if (!field && !link) return;
    event.preventDefault();
    if (field) field.select();
    else link.click();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* data-autosubmit on a control: its GET form is sent when it changes. */
  document.addEventListener("change", (event) => {
    const control = event.target.closest("[data-autosubmit]");
    if (control) control.form.requestSubmit();
  });

  /* data-ticks: a group of checkboxes with all / none, a count and a search. */
  const boxesOf = (group) => [...group.querySelectorAll("input[type=checkbox]:not([data-ticks-skip])")];
  const countTicks = (group) => {
    const boxes = boxesOf(group);
    const ticked = boxes.filter((box) => box.checked).length;
    each(group, "[data-ticks-count]", (place) => { place.textContent = ticked; });
    each(group, "[data-ticks-total]", (place) => { place.textContent = boxes.length; });
  };
  const setTicks = (group, checked) => {
    boxesOf(group).forEach((box) => {
      if (!box.disabled && !box.closest("[hidden]")) box.checked = checked;
    });
    countTicks(group);
    group.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-ticks-all], [data-ticks-none]");
    if (!button) return;
    setTicks(button.closest("[data-ticks]"), "ticksAll" in button.dataset);
  });
  document.addEventListener("change", (event) => {
    const group = event.target.closest("[data-ticks]");
    if (group) countTicks(group);
  });

  /* data-filter="#list": hides the items (data-filter-text) that don't hold what is typed. */
  const filterList = (field) => {
    const wanted = field.value.trim().toLowerCase();
    const list = document.querySelector(field.dataset.filter);
    if (!list) return;
    each(list, "[data-filter-text]", (item) => {
      item.hidden = !item.dataset.filterText.toLowerCase().includes(wanted);
    });
  };
  document.addEventListener("input", (event) => {
    const field = event.target.closest("[data-filter]");
    if (field) filterList(field);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.closest("[data-filter]")) event.preventDefault();
  });

  /* data-guard on a form: warn before leaving what has been typed. */
  let changed = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) changed = true;
  });
  document.addEventListener("change", (event) => {
    if (event.target.closest("form[data-guard]")) changed = true;
  });
  document.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });

  /* data-once on a form: a second click does not send it again. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!("once" in form.dataset) || event.defaultPrevented) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
  window.addEventListener("pageshow", () => {
    each(document, "form[data-sent]", (form) => { delete form.dataset.sent; });
  });

  /* data-forget="prefix" on a form: what this browser has stored under such names goes with it. */
  document.addEventListener("submit", (event) => {
    const prefix = event.target.dataset.forget;
    if (!prefix) return;
    Object.keys(window.localStorage)
      .filter((name) => name.startsWith(prefix))
      .forEach((name) => window.localStorage.removeItem(name));
  });

  const start = (root) => {
    each(root, "[data-needs-js], [data-print]", (item) => { item.hidden = false; });
    each(root, "[data-ticks]", countTicks);
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  };
  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:load", (event) => start(event.target));
})();
