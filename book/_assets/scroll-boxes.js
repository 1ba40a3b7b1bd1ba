// Boxes that scroll sideways (code, formulas, tables) get a tab stop, but only while there is something to scroll.
// Formulas and tables get a name with it. The theme's own script does it for code, and lays the page out once a block.
(() => {
  const boxes = document.querySelectorAll("main pre, .cell_output > .output, .pst-scrollable-table-container, .scroll-box");
  const mark = (box, scrolls) => {
    const { label } = box.dataset;
    if (scrolls) {
      box.tabIndex = 0;
      if (label) {
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", label);
      }
    } else {
      box.removeAttribute("tabindex");
      if (label) ["role", "aria-label"].forEach((name) => box.removeAttribute(name));
    }
  };
  const observer = new ResizeObserver((entries) => {
    // all sizes are read before anything is written, so that the page is laid out once
    const found = entries.map(({ target }) => [target, target.scrollWidth > target.clientWidth + 1]);
    found.forEach(([box, scrolls]) => mark(box, scrolls));
  });
  const watch = () =>
    boxes.forEach((box) => {
      observer.unobserve(box);
      observer.observe(box); // answers once, soon
    });
  watch();
  document.fonts?.ready.then(watch); // a formula is wider once its fonts are there
})();
