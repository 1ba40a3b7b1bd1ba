// The formulas that the figures share, each in the form that neither overflows nor loses digits.

export const sigmoid = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

/** Binary cross-entropy of one example from its logit z and its label y (0 or 1). */
export const crossEntropy = (z, y) => Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z)));

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** A number as text, with a real minus sign and never "-0.00". */
export const text = (value, digits) => {
  const rounded = value.toFixed(digits);
  return Number(rounded) === 0 ? (0).toFixed(digits) : rounded.replace("-", "\u2212");
};
