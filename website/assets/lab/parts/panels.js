// Two panels of horizontal bars, beside each other or on a phone one below the other, whose bars can be dragged.

export const HEAD = 34; // the height of what stands above the bars
export const ROW = 34; // of a bar with the space around it
export const THICK = 22; // of a bar

export const panelStyle = `
  .head { font-weight: 650; font-size: 14px; }
  .grip { fill: var(--paper); stroke: var(--ink); stroke-width: 2; }
`;

/** Where the panels are; `left`, `right` and `gap` leave space for names, for numbers, and between the panels. */
export const panels = (width, { left, right, gap, height }) => {
  const beside = width >= 520;
  const wide = beside ? (width - gap) / 2 : width;
  return [0, 1].map((i) => {
    const [x, y] = beside ? [i * (wide + gap), 0] : [0, i * height];
    return { x, y, wide, left: x + left, scale: wide - left - right };
  });
};

/** The bar of a panel at a point, of bars from 0 to these shares: {i, off}, off being how far the point is from its end. */
export function barAt(x, y, panel, shares) {
  const i = Math.floor((y - panel.y - HEAD) / ROW);
  if (x < panel.x || x > panel.x + panel.wide || i < 0 || i >= shares.length) return null;
  const end = panel.left + shares[i] * panel.scale;
  return x > panel.left - 12 && x < end + 22 ? { i, off: x - end } : null;
}

/** The share to which a bar was dragged: never quite 0 or 1, which have no logit. */
export const shareAt = (x, off, { left, scale }) => Math.min(0.999, Math.max(0.001, (x - off - left) / scale));
