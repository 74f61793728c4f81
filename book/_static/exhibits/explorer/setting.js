// A setting of the explorer: what the controls say and what the address holds.

/** @typedef {"conv2d" | "depthwise" | "pointwise" | "separable" | "transposed"} Mode */

/**
 * @typedef {object} Setting
 * @property {Mode} mode
 * @property {[number, number, number]} size height, width, channels
 * @property {[number, number]} kernel
 * @property {[number, number]} strides
 * @property {"valid" | "same" | "explicit"} padding
 * @property {[number, number, number, number]} zeros top, bottom, left, right: of explicit padding
 * @property {[number, number]} dilation
 * @property {number} groups
 * @property {number} multiplier
 * @property {number} filters
 * @property {[number, number] | null} outputPadding null for Keras' default
 * @property {boolean} bias
 * @property {string} input name of a picture
 * @property {string} weights name of a kernel
 * @property {Record<string, number>} edits values set by hand, by place: "x.2.3.0", "k0.1.1.0.0"
 * @property {[number, number, number, number]} at stage, row, column, channel of the cell that is
 *   looked at
 */

export const MODES = {
  conv2d: "Convolution",
  depthwise: "Depthwise",
  pointwise: "Pointwise (1×1)",
  separable: "Depthwise separable",
  transposed: "Transposed",
};
export const PICTURES = ["house", "edge", "ramp", "spot", "checks", "numbers"];
export const KERNELS = ["sobel", "blur", "identity", "sharpen", "laplace", "ones", "mixed"];
export const PADDINGS = ["valid", "same", "explicit"];

const EDITS_AT_MOST = 200;

/** What each part of the address may be: least and most of each number. */
const RANGES = {
  size: [[1, 32], [1, 32], [1, 8]],
  kernel: [[1, 11], [1, 11]],
  strides: [[1, 8], [1, 8]],
  zeros: [[0, 8], [0, 8], [0, 8], [0, 8]],
  dilation: [[1, 8], [1, 8]],
  groups: [[1, 8]],
  multiplier: [[1, 4]],
  filters: [[1, 32]],
  outputPadding: [[0, 7], [0, 7]],
  at: [[0, 1], [0, 400], [0, 400], [0, 255]],
};
const CHOICES = { mode: Object.keys(MODES), padding: PADDINGS, input: PICTURES, weights: KERNELS };

/** Least and most of one number. @returns {[number, number]} */
export const rangeOf = (name, index = 0) => RANGES[name][index];

/** @returns {Setting} */
export function standard() {
  return {
    mode: "conv2d",
    size: [8, 8, 1],
    kernel: [3, 3],
    strides: [1, 1],
    padding: "valid",
    zeros: [1, 1, 1, 1],
    dilation: [1, 1],
    groups: 1,
    multiplier: 1,
    filters: 1,
    outputPadding: null,
    bias: true,
    input: "house",
    weights: "sobel",
    edits: {},
    at: [0, 1, 1, 0],
  };
}

/** What shows the special thing about a mode: how it differs from the standard. */
const OPENINGS = {
  conv2d: {},
  depthwise: { size: [8, 8, 3] },
  pointwise: { size: [8, 8, 3], filters: 2 },
  separable: { size: [8, 8, 3], filters: 4 },
  transposed: { size: [5, 5, 1], strides: [2, 2], input: "edge", weights: "ones", at: [0, 4, 6, 0] },
};

/** The setting on which a mode opens. @param {Mode} mode @returns {Setting} */
export const opening = (mode) => ({ ...standard(), ...OPENINGS[mode], mode });

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

/**
 * What changes with the mode: the mode, and all that the reader has left as it was.
 * @param {Setting} setting
 * @param {Mode} mode
 * @returns {Partial<Setting>}
 */
export function changeOfMode(setting, mode) {
  const [before, after] = [opening(setting.mode), opening(mode)];
  const left = Object.keys(after).filter((name) => same(setting[name], before[name]));
  return { ...Object.fromEntries(left.map((name) => [name, after[name]])), mode };
}

/** Read "12x12x3" or null where it is not such a thing. */
function numbers(text, ranges) {
  let parts = text.split("x");
  if (parts.length === 1 && ranges.length === 2) parts = [text, text];
  if (parts.length !== ranges.length || parts.some((part) => !/^\d{1,4}$/.test(part))) return null;
  const values = parts.map(Number);
  return values.every((value, i) => value >= ranges[i][0] && value <= ranges[i][1]) ? values : null;
}

const example = (ranges) => ranges.map(([least, most]) => `${least}–${most}`).join(" × ");

/** Read "x.2.3.0:12,k0.1.1.0.0:-3.5". */
function readEdits(text, troubles) {
  const edits = {};
  const entries = text.split(",").filter(Boolean);
  for (const entry of entries.slice(0, EDITS_AT_MOST)) {
    const found = /^(x(?:\.\d{1,2}){3}|k[01](?:\.\d{1,2}){4}):(-?\d{1,4}(?:\.\d{1,4})?)$/.exec(entry);
    if (found) edits[found[1]] = Number(found[2]);
    else troubles.push(`edits: “${entry.slice(0, 40)}” is not a value at a place and was left out.`);
  }
  if (entries.length > EDITS_AT_MOST) troubles.push(`edits: only the first ${EDITS_AT_MOST} were taken.`);
  return edits;
}

/**
 * Read a setting from an address.
 * @param {string} search the part of an address after "?"
 * @returns {{setting: Setting, troubles: string[]}} troubles: a sentence for each part that was not
 *   understood
 */
export function read(search) {
  const asked = new URLSearchParams(search);
  const named = asked.getAll("mode").findLast((mode) => Object.hasOwn(MODES, mode));
  const setting = opening(/** @type {Mode} */ (named ?? "conv2d"));
  const troubles = [];
  for (const [name, text] of asked) {
    if (Object.hasOwn(CHOICES, name)) {
      if (CHOICES[name].includes(text)) setting[name] = text;
      else troubles.push(`${name}: “${text.slice(0, 40)}” is none of ${CHOICES[name].join(", ")}.`);
    } else if (Object.hasOwn(RANGES, name)) {
      if (name === "outputPadding" && text === "default") continue;
      const values = numbers(text, RANGES[name]);
      if (!values) troubles.push(`${name}: “${text.slice(0, 40)}” is not within ${example(RANGES[name])}.`);
      else setting[name] = RANGES[name].length === 1 ? values[0] : values;
    } else if (name === "bias") {
      if (text === "0" || text === "1") setting.bias = text === "1";
      else troubles.push(`bias: “${text.slice(0, 40)}” is neither 0 nor 1.`);
    } else if (name === "edits") {
      setting.edits = readEdits(text, troubles);
    } else if (!["highlight", "q"].includes(name)) {
      // Sphinx' search adds those two.
      troubles.push(`“${name.slice(0, 40)}” is not a part of a setting.`);
    }
  }
  return { setting, troubles };
}

/** The address of a setting: only what differs from its mode's opening. @param {Setting} setting */
export function write(setting) {
  const usual = { ...opening(setting.mode), mode: "conv2d" };
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(setting)) {
    let text;
    if (name === "edits") text = Object.entries(value).map(([place, v]) => `${place}:${v}`).join(",");
    else if (name === "bias") text = value ? "1" : "0";
    else if (name === "outputPadding") text = value === null ? "default" : value.join("x");
    else text = Array.isArray(value) ? value.join("x") : String(value);
    if (!same(value, usual[name])) parts.set(name, text);
  }
  // Colons and commas may stand in an address as they are, and read better so.
  return parts.toString().replaceAll("%3A", ":").replaceAll("%2C", ",");
}
