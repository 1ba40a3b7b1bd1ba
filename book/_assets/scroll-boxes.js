// Boxes that scroll sideways (formulas, tables) get a tab stop and a name, but only while there is something to scroll.
(() => {
  const boxes = document.querySelectorAll(".scroll-box");
  const update = (box) => {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    box.toggleAttribute("tabindex", scrolls);
    if (scrolls) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", box.dataset.label);
    } else {
      box.removeAttribute("role");
      box.removeAttribute("aria-label");
    }
  };
  const observer = new ResizeObserver((entries) => entries.forEach((entry) => update(entry.target)));
  boxes.forEach((box) => observer.observe(box));
  document.fonts?.ready.then(() => boxes.forEach(update)); // a formula is wider once its fonts are there
})();
