// Ctrl+K (Command+K) belongs to whoever types: the theme opens its search even from inside another field.
window.addEventListener(
  "keydown",
  (event) => {
    const field = event.target.closest?.("input, textarea, select, [contenteditable]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && field && !field.closest(".bd-search"))
      event.stopImmediatePropagation();
  },
  true,
);
