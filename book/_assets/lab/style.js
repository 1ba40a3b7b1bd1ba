// The look of a figure. Its colours come from the page (site.css), so that it follows light and dark by itself.

export const style = `
:host { display: block; margin: 1.5rem 0; --ink: var(--pst-color-text-base, #1b1f24); --paper: var(--pst-color-background, #fff);
  --soft: var(--pst-color-text-muted, #57606a); --line: var(--pst-color-border, #d0d7de);
  --one: var(--fig-1, #0b6bb8); --two: var(--fig-2, #c1530b); }
* { box-sizing: border-box; }
.box { padding: 0.75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--paper); color: var(--ink); line-height: 1.5; }
svg { display: block; width: 100%; height: auto; }
text { fill: var(--ink); font: 13px system-ui, sans-serif; }
.grid { stroke: var(--line); } .axis { stroke: var(--soft); fill: none; }
.series-1 { fill: none; stroke: var(--one); stroke-width: 2.5; }
.gap { stroke: var(--soft); stroke-width: 1; } .crossing { stroke: var(--soft); stroke-dasharray: 5 4; }
.hollow { fill: var(--paper); stroke: var(--ink); stroke-width: 2; } .full { fill: var(--ink); }
.wrong { fill: none; stroke: var(--two); stroke-width: 2.5; }
.legend { display: flex; flex-wrap: wrap; gap: 0 1.25rem; margin: 0.25rem 0 0.5rem; padding: 0; list-style: none; font-size: 0.875rem; }
.controls { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(17rem, 100%), 1fr)); gap: 0.25rem 1.5rem; }
.control { display: grid; grid-template-columns: 5.6rem 1fr 4.6rem; gap: 0.5rem; align-items: center; min-height: 2.5rem; }
input { font: inherit; color: inherit; min-width: 0; }
input[type="range"] { width: 100%; height: 2rem; margin: 0; accent-color: var(--one); }
input[type="number"], button { min-height: 2rem; background: var(--paper); border: 1px solid var(--soft); border-radius: 4px; }
input[type="number"] { width: 100%; padding: 0 0.3rem; }
button { padding: 0 0.9rem; font: inherit; color: inherit; cursor: pointer; }
:focus-visible { outline: 3px solid var(--one); outline-offset: 2px; }
.say { min-height: 3em; margin: 0.5rem 0; font-variant-numeric: tabular-nums; }
summary { padding: 0.3rem 0; min-height: 2rem; cursor: pointer; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem; }
th, td { border: 1px solid var(--line); padding: 0.15rem 0.6rem; text-align: right; }
@media (max-width: 480px) { .say { min-height: 6em; } }
@media print { .controls, button { display: none; } }
`;
