// The lists beside the text: all pages on the left, this page's sections on the right. On a phone the theme opens each
// as a dialog; on a laptop the left one can be hidden. This replaces the theme's sphinx-book-theme.js, which also
// takes the focus off each button that is pressed, so that it is lost when the dialog closes.
for (const side of ["primary", "secondary"]) {
  const toggle = document.querySelector(`.${side}-toggle`);
  const list = document.getElementById(`pst-${side}-sidebar`);
  const dialog = document.getElementById(`pst-${side}-sidebar-modal`);
  if (!toggle || !list || !dialog) continue;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn close-menu"; // shown inside the dialog only: the theme moves the list there and back
  close.ariaLabel = toggle.dataset.close;
  close.textContent = "×";
  list.prepend(close);
  dialog.addEventListener("click", (event) => {
    if (event.target.closest(".close-menu, a[href^='#']")) dialog.close();
  });
  toggle.addEventListener(
    "click",
    (event) => {
      if (side === "secondary" || !matchMedia("(min-width: 992px)").matches) return;
      event.stopImmediatePropagation();
      list.classList.toggle("pst-sidebar-hidden");
    },
    true,
  );
}
