// From a setting to what the explorer shows: stages, shapes, costs, or the reason why Keras
// refuses.

import { convolutionCost, total, transposedCost } from "../arithmetic/cost.js";
import { comesBack, convolvedAxis, transposedAxis } from "../arithmetic/geometry.js";
import {
  channelsOf, conv2d, conv2dTranspose, termsOfConv2d, termsOfConv2dTranspose,
} from "../arithmetic/layers.js";
import { kernelOf, mixture, picture } from "./values.js";

/** @typedef {import("./setting.js").Setting} Setting */
/** @typedef {import("../arithmetic/arrays.js").Tensor} Tensor */

/**
 * One operation: what comes in, the kernel, what comes out.
 * @typedef {object} Stage
 * @property {string} name
 * @property {boolean} transposed
 * @property {Tensor} x
 * @property {Tensor} kernel
 * @property {Tensor} y
 * @property {[import("../arithmetic/geometry.js").Axis, import("../arithmetic/geometry.js").Axis]}
 *   axes
 * @property {number} groups
 */

const tuple = (values) => (values.length === 1 ? `(${values[0]},)` : `(${values.join(", ")})`);

/**
 * Arguments that a mode does not have are taken as their defaults.
 * @param {Setting} setting
 * @returns {Setting}
 */
export function effective(setting) {
  const one = { ...setting };
  if (setting.mode === "pointwise") {
    Object.assign(one, { kernel: [1, 1], strides: [1, 1], padding: "valid", dilation: [1, 1] });
  }
  if (setting.mode !== "conv2d") one.groups = 1;
  if (setting.mode === "depthwise") one.filters = setting.size[2] * setting.multiplier;
  if (setting.mode === "transposed") {
    if (setting.padding === "explicit") one.padding = "valid";
  } else {
    one.outputPadding = null;
  }
  if (setting.mode !== "depthwise" && setting.mode !== "separable") one.multiplier = 1;
  return one;
}

function axesOf(setting) {
  const [kh, kw] = setting.kernel;
  const sizes = [[setting.size[0], kh], [setting.size[1], kw]];
  return sizes.map(([size, kernel], axis) => {
    const [stride, dilation] = [setting.strides[axis], setting.dilation[axis]];
    if (setting.mode === "transposed") {
      const more = setting.outputPadding === null ? null : setting.outputPadding[axis];
      return transposedAxis(size, kernel, stride, setting.padding, dilation, more);
    }
    const zeros = axis === 0 ? setting.zeros.slice(0, 2) : setting.zeros.slice(2);
    return convolvedAxis(size, kernel, stride, setting.padding, dilation, zeros);
  });
}

/**
 * Why Keras would refuse, in Keras' words where it has some; "" if it would not.
 * @param {Setting} s
 * @returns {string}
 */
export function refusal(s) {
  const depthwise = s.mode === "depthwise" || s.mode === "separable";
  const [top, bottom, left, right] = s.padding === "explicit" ? s.zeros : [0, 0, 0, 0];
  const seen = [1, s.size[0] + top + bottom, s.size[1] + left + right, s.size[2]];
  if (s.mode === "transposed" && s.outputPadding) {
    const axis = s.outputPadding.findIndex((more, i) => more >= s.strides[i]);
    if (axis >= 0) {
      return (
        "`output_padding` must be strictly less than `strides` for all dimensions. " +
        `At dimension ${axis}, \`output_padding\` is ${s.outputPadding[axis]} but \`strides\` is ${s.strides[axis]}. ` +
        `Received: output_padding=${tuple(s.outputPadding)}, strides=${tuple(s.strides)}`
      );
    }
  }
  if (s.filters % s.groups) {
    return (
      "The number of filters must be evenly divisible by the number of groups. " +
      `Received: groups=${s.groups}, filters=${s.filters}.`
    );
  }
  if (!depthwise && Math.max(...s.strides) > 1 && Math.max(...s.dilation) > 1) {
    return (
      "`strides > 1` not supported in conjunction with `dilation_rate > 1`. " +
      `Received: strides=${tuple(s.strides)} and dilation_rate=${tuple(s.dilation)}`
    );
  }
  if (s.size[2] % s.groups) {
    return (
      "The number of input channels must be evenly divisible by the number of groups. " +
      `Received groups=${s.groups}, but the input has ${s.size[2]} channels ` +
      `(full input shape is ${tuple(seen)}).`
    );
  }
  if (s.mode === "transposed" && s.outputPadding) {
    if (!axesOf(s).every((a) => comesBack(a, s.padding))) {
      return (
        "No convolution with these arguments has this output size: Keras computes a shape, and TensorFlow then " +
        `refuses to run it. Choose another output_padding than ${tuple(s.outputPadding)}, or Keras' default.`
      );
    }
  }
  if (axesOf(s).some((axis) => axis.out < 1)) {
    return (
      "Computed output size would be zero or negative. " +
      `Received \`inputs shape=${tuple(seen)}\`, ` +
      `\`kernel shape=${tuple([...s.kernel, s.size[2], s.filters])}\`, ` +
      `\`dilation_rate=[${s.dilation.join(" ")}]\`, \`strides=${tuple(s.strides)}\`, \`padding=valid\`.`
    );
  }
  return "";
}

function edit(array, prefix, edits) {
  for (const [place, value] of Object.entries(edits)) {
    const [name, ...indices] = place.split(".");
    const at = indices.map(Number);
    if (name !== prefix || at.length !== array.shape.length) continue;
    if (at.some((n, axis) => n >= array.shape[axis])) continue;
    array.data[at.reduce((offset, n, axis) => offset * array.shape[axis] + n, 0)] = value;
  }
  return array;
}

/**
 * Kernels are held as (height, width, channels, filters); Keras' transposed layer swaps the last
 * two.
 */
function swapped(kernel) {
  const [kh, kw, channels, filters] = kernel.shape;
  const other = { shape: [kh, kw, filters, channels], data: new Float64Array(kernel.data.length) };
  for (let tap = 0; tap < kh * kw; tap++) {
    for (let k = 0; k < channels; k++) {
      for (let f = 0; f < filters; f++) {
        other.data[(tap * filters + f) * channels + k] = kernel.data[(tap * channels + k) * filters + f];
      }
    }
  }
  return other;
}

/**
 * The stages of a setting that Keras takes.
 * @param {Setting} s
 * @returns {Stage[]}
 */
export function stagesOf(s) {
  const x = edit(picture(s.input, s.size), "x", s.edits);
  const axes = axesOf(s);
  const channels = s.size[2];
  if (s.mode === "transposed") {
    const kernel = edit(kernelOf(s.weights, [...s.kernel, channels, s.filters]), "k0", s.edits);
    const y = conv2dTranspose(x, swapped(kernel), axes);
    return [{ name: "transposed convolution", transposed: true, x, kernel, y, axes, groups: 1 }];
  }
  if (s.mode === "pointwise") {
    const kernel = edit(mixture(channels, s.filters), "k0", s.edits);
    return [{ name: "pointwise", transposed: false, x, kernel, y: conv2d(x, kernel, axes), axes, groups: 1 }];
  }
  const depthwise = s.mode !== "conv2d";
  const groups = depthwise ? channels : s.groups;
  const filters = depthwise ? channels * s.multiplier : s.filters;
  const kernel = edit(kernelOf(s.weights, [...s.kernel, channels / groups, filters]), "k0", s.edits);
  const y = conv2d(x, kernel, axes, groups);
  const name = depthwise ? "depthwise" : "convolution";
  const stages = [{ name, transposed: false, x, kernel, y, axes, groups }];
  if (s.mode === "separable") {
    const mix = edit(mixture(filters, s.filters), "k1", s.edits);
    const places = [0, 1].map((axis) => convolvedAxis(y.shape[axis], 1, 1, "valid", 1));
    const mixedUp = conv2d(y, mix, places);
    stages.push({ name: "pointwise", transposed: false, x: y, kernel: mix, y: mixedUp, axes: places, groups: 1 });
  }
  return stages;
}

/**
 * The products behind one output cell.
 * @param {Stage} stage
 * @param {[number, number, number]} cell
 */
export function termsOf(stage, cell) {
  if (stage.transposed) return termsOfConv2dTranspose(stage.x, swapped(stage.kernel), stage.axes, cell);
  return termsOfConv2d(stage.x, stage.kernel, stage.axes, stage.groups, cell);
}

/** Output cells (row, column) that an input cell takes part in. @returns {[number, number][]} */
export function cellsThatUse(stage, row, column) {
  const along = (axis, n) => {
    const hits = new Set();
    for (let i = 0; i < axis.kernel; i++) {
      const place = stage.transposed
        ? n * axis.stride + i * axis.dilation - axis.before
        : (n + axis.before - i * axis.dilation) / axis.stride;
      if (Number.isInteger(place) && place >= 0 && place < axis.out) hits.add(place);
    }
    return [...hits];
  };
  return along(stage.axes[0], row).flatMap((r) => along(stage.axes[1], column).map((c) => [r, c]));
}

/** Channels that output channel `f` reads. */
export function channelsRead(stage, f) {
  return channelsOf(f, stage.x.shape[2], stage.y.shape[2], stage.groups);
}

/**
 * What a setting costs, and the dense convolution that it replaces.
 * @param {Setting} s
 * @param {Stage[]} stages
 */
export function costs(s, stages) {
  const last = stages.length - 1;
  const steps = stages.map((stage, i) => {
    const bias = s.bias && i === last;
    const shape = stage.kernel.shape;
    return stage.transposed
      ? transposedCost(stage.name, shape, stage.x.shape, stage.y.shape, bias)
      : convolutionCost(stage.name, shape, stage.y.shape, bias);
  });
  const output = stages[last].y.shape;
  const kernel = [...s.kernel, s.size[2], output[2]];
  const dense =
    s.mode === "transposed"
      ? transposedCost("dense", kernel, s.size, output, s.bias)
      : convolutionCost("dense", kernel, output, s.bias);
  return { steps, total: total(steps), dense: total([dense]) };
}

/**
 * What TensorFlow computes on a CPU only where oneDNN does it: its own code refuses. "" for the
 * rest.
 * @param {Setting} s
 */
export function needsOneDnn(s) {
  const depthwise = s.mode === "depthwise" || s.mode === "separable";
  if (depthwise && s.strides[0] !== s.strides[1] && Math.max(...s.dilation) === 1) {
    return "On a CPU without oneDNN, TensorFlow refuses a depthwise convolution whose two strides differ.";
  }
  if (s.mode === "transposed" && Math.max(...s.dilation) > 1) {
    return "On a CPU without oneDNN, TensorFlow refuses a transposed convolution with dilation.";
  }
  return "";
}

/** The layer as one writes it. @param {Setting} s */
export function kerasCode(s) {
  const pair = (values) => (values[0] === values[1] ? String(values[0]) : tuple(values));
  const [name, ...first] = {
    conv2d: ["Conv2D", s.filters, pair(s.kernel)],
    depthwise: ["DepthwiseConv2D", pair(s.kernel)],
    pointwise: ["Conv2D", s.filters, 1],
    separable: ["SeparableConv2D", s.filters, pair(s.kernel)],
    transposed: ["Conv2DTranspose", s.filters, pair(s.kernel)],
  }[s.mode];
  const given = first.map(String);
  if (Math.max(...s.strides) > 1) given.push(`strides=${pair(s.strides)}`);
  if (s.padding === "same") given.push('padding="same"');
  if (s.outputPadding) given.push(`output_padding=${pair(s.outputPadding)}`);
  if (Math.max(...s.dilation) > 1) given.push(`dilation_rate=${pair(s.dilation)}`);
  if (s.groups > 1) given.push(`groups=${s.groups}`);
  if (s.multiplier > 1) given.push(`depth_multiplier=${s.multiplier}`);
  if (!s.bias) given.push("use_bias=False");
  const layer = `layers.${name}(${given.join(", ")})`;
  if (s.padding !== "explicit") return layer;
  const [top, bottom, left, right] = s.zeros;
  return `layers.ZeroPadding2D(((${top}, ${bottom}), (${left}, ${right})))\n${layer}`;
}
