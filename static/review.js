/* Keys of the review page: Alt and a letter press what bears data-key. No words here. */

document.addEventListener("keydown", (event) => {
  if (!event.altKey || event.ctrlKey || event.metaKey || !event.code.startsWith("Key")) return;
  const letter = event.code.slice(3).toLowerCase();
  const target = document.querySelector(`[data-key="${letter}"]`);
  if (!target) return;
  event.preventDefault();
  const closed = target.closest("details:not([open])");
  if (closed) closed.open = true;
  if (target.matches("textarea")) target.focus();
  else target.click();
});
