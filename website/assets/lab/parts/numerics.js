// The formulas that the figures share, each in a form that neither overflows nor loses digits.

export const sigmoid = (z) => (z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z)));

/** Binary cross-entropy of one example from its logit z and its label y (0 or 1). */
export const crossEntropy = (z, y) => Math.max(z, 0) - y * z + Math.log1p(Math.exp(-Math.abs(z)));

export const sum = (values) => values.reduce((total, value) => total + value, 0);

export const mean = (values) => sum(values) / values.length;

/** The logarithms of the softmax of a list of logits. */
export const logSoftmax = (logits) => {
  const top = Math.max(...logits);
  const rest = Math.log(sum(logits.map((z) => Math.exp(z - top))));
  return logits.map((z) => z - top - rest);
};

export const softmax = (logits) => logSoftmax(logits).map(Math.exp);

/** The logit that gives class `i` the share p, while the logits of the others stay. */
export const logitOfShare = (p, i, logits) =>
  Math.log(p / (1 - p)) + Math.log(sum(logits.map((z, k) => (k === i ? 0 : Math.exp(z)))));

/** a times the logarithm b, where 0 times anything is 0. */
export const times = (a, b) => (a === 0 ? 0 : a * b);
