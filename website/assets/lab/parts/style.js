// The look of a figure. Its colours come from the page (site.css), so that it follows light and dark by itself.
// What only one figure draws is in that figure, under `style`.

export const style = `
:host { display: block; margin: 1.5rem 0; --ink: var(--pst-color-text-base, #1b1f24); --paper: var(--pst-color-background, #fff);
  --soft: var(--pst-color-text-muted, #57606a); --line: var(--pst-color-border, #d0d7de);
  --one: var(--fig-1, #0b6bb8); --two: var(--fig-2, #c1530b); --three: var(--fig-3, #1a7f4b); }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.box { padding: 0.75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: var(--ink); line-height: 1.5; }
svg { display: block; width: 100%; height: auto; }
text { fill: var(--ink); font: 13px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.halo { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
.grid { stroke: var(--line); } .axis { stroke: var(--soft); fill: none; }
[class^="series"] { fill: none; stroke: var(--one); stroke-width: 2.5; }
.series-2 { stroke: var(--two); stroke-dasharray: 7 4; }
.series-3 { stroke: var(--three); stroke-dasharray: 2 3; stroke-width: 3; }
.crossing { stroke: var(--soft); stroke-dasharray: 5 4; }
.hollow { fill: var(--paper); stroke: var(--ink); stroke-width: 2; } .full { fill: var(--ink); }
.bar-1 { fill: var(--one); stroke: var(--one); } .on-bar-1 { fill: var(--paper); }
.bar-2, .bar-4, .bar-5 { fill: var(--paper); stroke: var(--two); stroke-width: 2; }
.bar-3 { fill: var(--three); stroke: var(--three); stroke-width: 2; } .on-bar-3 { fill: var(--paper); } .bar-4 { stroke: var(--three); } .bar-5 { stroke: var(--ink); }
.drag { touch-action: pan-y; user-select: none; -webkit-user-select: none; } .over { cursor: ew-resize; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 0.25rem 0 0.5rem; padding: 0; list-style: none; font-size: 0.875rem; }
.legend li { display: flex; gap: 0.4rem; line-height: 1.4; }
.swatch { flex: none; width: 30px; height: 14px; margin-top: 0.15rem; }
.controls { display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; }
.control { flex: 1 1 min(17rem, 100%); display: grid; grid-template-columns: 5.6rem 1fr 4.6rem; gap: 0.5rem; align-items: center; min-height: 2.5rem; line-height: 1.2; }
fieldset { flex-basis: 100%; display: flex; flex-wrap: wrap; align-items: center; gap: 0 1.1rem; margin: 0; padding: 0; border: 0; min-width: 0; }
legend { float: left; padding: 0; margin-right: 0.2rem; }
label { display: flex; align-items: center; gap: 0.4rem; min-height: 2.25rem; }
input, button { font: inherit; color: inherit; min-width: 0; accent-color: var(--one); }
input[type="radio"] { flex: none; width: 1.1rem; height: 1.1rem; margin: 0; }
input[type="range"] { width: 100%; height: 2rem; margin: 0; }
input[type="number"], button { min-height: 2rem; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; }
input[type="number"] { width: 100%; padding: 0 0.3rem; }
.buttons { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; margin-top: 0.4rem; }
button { padding: 0 0.9rem; } .presets { margin: 0 0 0.75rem; }
:focus-visible { outline: 3px solid var(--one); outline-offset: 2px; }
.say { margin: 0.6rem 0; font-variant-numeric: tabular-nums; }
.heard { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
summary { padding: 0.3rem 0; min-height: 2rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
th, td { border: 1px solid var(--line); padding: 0.15rem 0.6rem; text-align: right; }
tbody th { font-weight: inherit; }
@media (max-width: 480px) { .control { grid-template-columns: 5.2rem 1fr 4.2rem; gap: 0.4rem; font-size: 0.95rem; } }
@media (forced-colors: active) {
  :host { --ink: CanvasText; --paper: Canvas; --soft: CanvasText; --line: GrayText; --one: CanvasText; --two: CanvasText; --three: LinkText; }
  svg { forced-color-adjust: none; }
  input, button { forced-color-adjust: auto; accent-color: auto; }
}
@media print { .controls, .buttons, button { display: none !important; } } /* whatever a figure makes of them */
`;
