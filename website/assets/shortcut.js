// Ctrl+K (Command+K) belongs to whoever types: the theme opens its search even from inside another field.
window.addEventListener(
  "keydown",
  (event) => {
    const target = event.composedPath()[0]; // an interactive figure hides its fields from event.target
    const field = target.closest?.("input, textarea, select, [contenteditable]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && field && !field.closest(".bd-search"))
      event.stopImmediatePropagation();
  },
  true,
);
