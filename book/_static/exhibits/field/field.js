// The receptive field of any cell in a stack of layers.

import { drawing } from "../canvas.js";
import { count, everywhere, make, takeTheStage } from "../dom.js";
import { kept, LAYERS_AT_MOST, levelsOf, lookAt, RANGES, shared, SIZE, STACKS, withArgument } from "./compute.js";
import { stackView } from "./stack.js";

/** @typedef {[number, number, number]} Cell level, row, column */

const LABELS = { kernel: "kernel_size", strides: "strides", dilation: "dilation_rate" };
const NARROW = 560; // pixels below which the controls lie below the drawing
const FIRST = "dilations 1, 2, 4";

/** @param {HTMLElement} root */
export function field(root) {
  let layers = STACKS[FIRST];
  /** @type {Cell} */
  let chosen = middle(layers);
  let note = "";

  const view = stackView((cell) => look(cell));
  const stacks = make("div", { class: "field-stacks", role: "group", "aria-label": "Stacks to begin with" },
    ...Object.entries(STACKS).map(([name, stack]) => make("button", { type: "button", "data-stack": name, text: name, onclick: () => take(stack, middle(stack)) })));
  const rows = make("tbody");
  const table = make("table", { class: "field-layers" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col", text: "layer" }),
      ...Object.values(LABELS).map((name) => make("th", { scope: "col" }, make("code", { text: name }))))),
    rows);
  const fewer = make("button", { type: "button", text: "Remove a layer", onclick: () => take(layers.slice(0, -1)) });
  const more = make("button", { type: "button", text: "Add a layer", onclick: () => take([...layers, { kernel: 3, strides: 1, dilation: 1 }]) });
  const width = make("p", { class: "field-width" });
  const said = make("p", { class: "field-said" });
  const trouble = make("p", { class: "exhibit-trouble", role: "status" });
  const live = make("p", { class: "exhibit-spoken", role: "status", "aria-live": "polite" });
  const picture = make("div", { class: "field-picture" }, view.canvas);
  const beside = make("div", { class: "field-beside" }, width, said, table, make("div", { class: "field-depth" }, more, fewer), trouble);

  takeTheStage(root);
  root.classList.add("field");
  root.append(stacks, make("div", { class: "field-board" }, picture, beside), live);

  /** The middle of the highest layer. @param {import("./compute.js").Layer[]} of @returns {Cell} */
  function middle(of) {
    const { sizes } = levelsOf(of);
    const at = sizes[sizes.length - 1] >> 1;
    return [sizes.length - 1, at, at];
  }

  /** @param {import("./compute.js").Layer[]} next @param {Cell} [cell] @param {string} [why] */
  function take(next, cell = kept(layers, chosen, next), why = "") {
    layers = next;
    note = why;
    chosen = cell;
    renew();
    live.textContent = said.textContent;
  }

  /** @param {Cell} cell */
  function look(cell) {
    chosen = cell;
    tell();
    live.textContent = said.textContent;
    request();
  }

  function renew() {
    measure();
    const held = document.activeElement?.getAttribute?.("aria-label");
    rows.replaceChildren(...layers.map((_, n) => layers.length - 1 - n).map(row));
    if (held) rows.querySelector(`select[aria-label="${held}"]`)?.focus();
    more.disabled = layers.length >= LAYERS_AT_MOST;
    fewer.disabled = layers.length <= 1;
    trouble.textContent = note;
    for (const button of stacks.children) {
      button.setAttribute("aria-pressed", String(JSON.stringify(STACKS[button.dataset.stack]) === JSON.stringify(layers)));
    }
    tell();
    request();
  }

  /** The arguments of one layer; the highest stands first, as in the drawing. */
  function row(n) {
    const fields = Object.entries(RANGES).map(([name, [least, most]]) => {
      const select = make("select", { "aria-label": `layer ${n + 1}, ${LABELS[name]}` });
      for (let value = least; value <= most; value++) select.append(make("option", { value, text: value }));
      select.value = String(layers[n][name]);
      select.addEventListener("change", () => {
        const { layer, reset } = withArgument(layers[n], /** @type {any} */ (name), Number(select.value));
        const why = reset && `Layer ${n + 1}: ${LABELS[reset]} is back at 1, as Keras’ Conv2D takes no strides together with dilation.`;
        take(layers.map((old, at) => (at === n ? layer : old)), undefined, why);
      });
      return make("td", {}, select);
    });
    return make("tr", {}, make("th", { scope: "row", text: n + 1 }), ...fields);
  }

  function measure() {
    const narrow = root.clientWidth < NARROW;
    root.classList.toggle("field-narrow", narrow);
    view.update(layers, picture.clientWidth || root.clientWidth);
  }

  /** Give the drawing and the sentence what the chosen cell sees; keys may come faster than frames. */
  function tell() {
    const [level, r, c] = chosen;
    const seen = lookAt(layers, chosen);
    view.choose(chosen, seen);
    const [high, broad] = seen.field;
    const last = seen.rows.length - 1;
    const where = level ? `Layer ${level}, row ${r}, column ${c}` : `The pixel at row ${r}, column ${c}`;
    if (!level) {
      const up = seen.spans[last].map(([first, end]) => end - first + 1);
      const hit = seen.rows[last].filter(Boolean).length * seen.columns[last].filter(Boolean).length;
      width.textContent = "1×1 pixel";
      said.textContent = !hit ? `Nothing reads ${where[0].toLowerCase()}${where.slice(1)}: no result of layer ${last} depends on it.` : `${where} reaches ${count(hit)} of the results within ${up.join("×")} of layer ${last}.`;
      return;
    }
    width.textContent = `${high}×${broad} pixels`;
    const border = high < seen.rule || broad < seen.rule ? ` The rest of its ${seen.rule}×${seen.rule} is padding.` : "";
    const holes = seen.holes
      ? `It reads only ${count(seen.reached)} of these ${count(high * broad)}: ${count(seen.holes)} are holes between them.`
      : `It reads all ${count(seen.reached)}.`;
    const common = shared(layers, chosen);
    const neighbour = common === null ? "" : ` It shares ${common ? count(common) : "none"} of them with its right neighbour.`;
    said.textContent =
      `${where} sees ${high}×${broad} pixels.${border} ${holes}${neighbour} ` +
      `This takes ${count(seen.weights)} weights for each channel; one layer as wide would have ${count(seen.rule ** 2)}.`;
  }

  const request = drawing(root, view.draw, measure);
  renew();
  view.draw();
}

everywhere("field", field);
