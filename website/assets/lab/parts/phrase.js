// What a figure says: templates of words.json, filled, and numbers as text.

/** `template` with each {name} replaced by `values[name]`. */
export const phrase = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** A number as text, with a real minus sign and never "-0.00"; infinity and NaN as NumPy prints them. */
export const text = (value, digits) => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "\u2212inf";
  const rounded = value.toFixed(digits);
  return Number(rounded) === 0 ? (0).toFixed(digits) : rounded.replace("-", "\u2212");
};

/** A count as text, with thousands separated. */
export const count = (value) => value.toLocaleString("en");
