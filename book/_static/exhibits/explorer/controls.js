// The controls of the explorer: the layers to choose from, and a form that says one setting.

import { make } from "../dom.js";
import { changeOfMode, KERNELS, MODES, PADDINGS, PICTURES, rangeOf } from "./setting.js";

/** @typedef {import("./setting.js").Setting} Setting */

/** Which modes have which argument. */
const SHOWN = {
  kernel: ["conv2d", "depthwise", "separable", "transposed"],
  strides: ["conv2d", "depthwise", "separable", "transposed"],
  padding: ["conv2d", "depthwise", "separable", "transposed"],
  dilation: ["conv2d", "depthwise", "separable", "transposed"],
  groups: ["conv2d"],
  multiplier: ["depthwise", "separable"],
  filters: ["conv2d", "pointwise", "separable", "transposed"],
  outputPadding: ["transposed"],
  weights: ["conv2d", "depthwise", "separable", "transposed"],
};

/**
 * @param {() => Setting} current
 * @param {(change: Partial<Setting>) => void} changed
 */
export function controls(current, changed) {
  /** @type {(() => void)[]} run to bring the form in line with the setting */
  const updates = [];
  /** Names of arguments and the elements that hold them, hidden in modes without the argument. */
  const rows = [];

  function numberField(name, index, label) {
    const [least, most] = rangeOf(name, index);
    const input = make("input", { type: "number", min: least, max: most, step: 1, inputmode: "numeric", "aria-label": label });
    input.addEventListener("input", () => {
      const value = Number(input.value);
      const good = input.value !== "" && Number.isInteger(value) && value >= least && value <= most;
      input.setAttribute("aria-invalid", String(!good));
      input.title = good ? "" : `a whole number from ${least} to ${most}`;
      if (!good) return;
      const now = current()[name];
      changed({ [name]: Array.isArray(now) ? now.map((old, i) => (i === index ? value : old)) : value });
    });
    input.addEventListener("blur", update);
    function update() {
      const now = current()[name];
      input.value = Array.isArray(now) ? now[index] : now === null ? least : now;
      input.setAttribute("aria-invalid", "false");
    }
    updates.push(() => document.activeElement === input || update());
    return input;
  }

  /** A row of number fields under one name. */
  function row(name, label, parts) {
    const fields = parts.map((part, i) => numberField(name, i, part ? `${label}, ${part}` : label));
    const joined = fields.flatMap((field, i) => (i ? [make("span", { "aria-hidden": true, text: "×" }), field] : [field]));
    const holder = make("div", { class: "explorer-row" }, make("span", { class: "explorer-name", text: label }), ...joined);
    rows.push([name, holder]);
    return holder;
  }

  function choice(name, label, options) {
    const select = make("select", { onchange: () => changed({ [name]: select.value }) });
    select.append(...options.map((option) => make("option", { value: option, text: option })));
    updates.push(() => {
      for (const option of select.options) {
        // Keras' transposed layer has no padding of its own choice.
        option.hidden = option.disabled = name === "padding" && option.value === "explicit" && current().mode === "transposed";
      }
      const value = current()[name];
      select.value = name === "padding" && value === "explicit" && current().mode === "transposed" ? "valid" : value;
    });
    const holder = make("label", { class: "explorer-row" }, make("span", { class: "explorer-name", text: label }), select);
    rows.push([name, holder]);
    return holder;
  }

  function tick(label, get, set) {
    const box = make("input", { type: "checkbox", onchange: () => set(box.checked) });
    updates.push(() => (box.checked = get()));
    return make("label", { class: "explorer-row explorer-tick" }, box, make("span", { text: label }));
  }

  const choices = Object.entries(MODES).map(([mode, label]) => {
    const radio = make("input", { type: "radio", name: "explorer-mode", value: mode, onchange: () => changed(changeOfMode(current(), mode)) });
    updates.push(() => (radio.checked = current().mode === mode));
    return make("label", { class: "explorer-mode" }, radio, make("span", { text: label }));
  });

  const zeros = row("zeros", "zeros around", ["top", "bottom", "left", "right"]);
  const outputPadding = row("outputPadding", "output_padding", ["down", "across"]);
  const given = tick("set output_padding", () => current().outputPadding !== null, (on) =>
    changed({ outputPadding: on ? [0, 0] : null }),
  );
  rows.push(["outputPadding", given]);

  const modes = make("fieldset", { class: "explorer-modes" }, make("legend", { text: "Layer" }), ...choices);
  const form = make(
    "form",
    { class: "explorer-controls", onsubmit: (event) => event.preventDefault() },
    make(
      "fieldset",
      {},
      make("legend", { text: "Input" }),
      row("size", "height × width × channels", ["height", "width", "channels"]),
      choice("input", "picture", PICTURES),
    ),
    make(
      "fieldset",
      {},
      make("legend", { text: "Arguments" }),
      row("filters", "filters", [""]),
      row("kernel", "kernel_size", ["down", "across"]),
      row("strides", "strides", ["down", "across"]),
      choice("padding", "padding", PADDINGS),
      zeros,
      row("dilation", "dilation_rate", ["down", "across"]),
      row("groups", "groups", [""]),
      row("multiplier", "depth_multiplier", [""]),
      given,
      outputPadding,
      choice("weights", "kernel", KERNELS),
      tick("use_bias", () => current().bias, (bias) => changed({ bias })),
    ),
  );

  function update() {
    const setting = current();
    for (const [name, holder] of rows) holder.hidden = name in SHOWN && !SHOWN[name].includes(setting.mode);
    zeros.hidden = setting.padding !== "explicit" || setting.mode === "transposed" || setting.mode === "pointwise";
    outputPadding.hidden = setting.mode !== "transposed" || setting.outputPadding === null;
    updates.forEach((run) => run());
  }
  return { modes, form, update };
}
