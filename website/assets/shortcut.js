// Leaves Ctrl+K (Command+K) to the field that is typed in: the theme would open its search even from there.
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
