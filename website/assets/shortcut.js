// Leaves Ctrl+K (Command+K) to the field that is typed in: the theme would open its search even from there.
// And Enter in the dialog of the search goes to the search page by itself: a sandboxed frame submits no form.
window.addEventListener(
  "keydown",
  (event) => {
    const target = event.composedPath()[0]; // an interactive figure hides its fields from event.target
    const field = target.closest?.("input, textarea, select, [contenteditable]");
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && field && !field.closest(".bd-search"))
      event.stopImmediatePropagation();
    const form = field?.closest("#pst-search-dialog form");
    if (form && event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      location.href = `${form.action}?${new URLSearchParams(new FormData(form))}`;
    }
  },
  true,
);
