// A dense layer beside the depthwise and the pointwise step, as volumes.

import { drawing } from "../canvas.js";
import { count, everywhere, make, number, takeTheStage } from "../dom.js";
import { player } from "../explorer/player.js";
import { cellOrder, costs, kerasCode, macsAfter, RANGES, reads, SIZE, standard, stepsOf, termsOf } from "./compute.js";
import { panel } from "./panel.js";

/** @typedef {import("./compute.js").Name} Name */
/** @typedef {[number, number, number]} Cell */

const NAMES = /** @type {Name[]} */ (["dense", "depthwise", "pointwise"]);
const LABELS = { channels: "channels", kernel: "kernel_size", filters: "filters", multiplier: "depth_multiplier" };
const NARROW = 560; // pixels below which the steps lie below each other
const GAP = 20; // between them, as in the style

/** @param {HTMLElement} root */
export function volumes(root) {
  let setting = standard();
  let steps = stepsOf(setting);
  let order = cellOrder(steps);
  /** @type {Cell} of the output */
  let chosen = [2, 3, 0];
  let between = 0; // channel after the depthwise step that is looked at
  let made = Infinity;
  const hold = {};

  const fields = Object.keys(LABELS).map(slider);
  const panels = Object.fromEntries(NAMES.map((name) => [name, stepView(name)]));
  const board = make("div", { class: "volumes-board" }, ...NAMES.map((name) => panels[name].root));
  const summary = make("p", { class: "volumes-summary" });
  const said = make("p", { class: "volumes-said" });
  const sums = make("div", {});
  const written = make("details", { class: "volumes-written", ontoggle: () => spell() }, make("summary", { text: "The sums, written out" }), sums);
  const live = make("p", { class: "exhibit-spoken", role: "status", "aria-live": "polite" });
  const play = player((index) => {
    made = index + 1 === order.cells ? Infinity : index + 1;
    chosen = order.cellOf(index);
    countUp();
    changed(false);
  });

  takeTheStage(root);
  root.classList.add("volumes");
  root.append(
    make("form", { class: "volumes-controls", onsubmit: (event) => event.preventDefault() }, ...fields.map((field) => field.root)),
    board, play.root, summary, said, written, live,
  );

  function slider(name) {
    const [least, most, step] = RANGES[name];
    const value = make("output", {});
    const input = make("input", {
      type: "range", min: least, max: most, step,
      oninput: () => {
        setting = { ...setting, [name]: Number(input.value) };
        play.pause();
        renew();
        live.textContent = summary.textContent;
      },
    });
    const update = () => {
      input.value = String(setting[name]);
      value.textContent = String(setting[name]);
    };
    return { root: make("label", { class: "volumes-slider" }, make("span", { text: LABELS[name] }), value, input), update };
  }

  /** One step: title, drawing, and what it costs. @param {Name} name */
  function stepView(name) {
    const view = panel(
      name,
      ([row, column, channel]) => (name === "depthwise" ? look([row, column, chosen[2]], channel) : look([row, column, channel])),
      ([row, column]) => {
        const [kh, kw] = steps[name].kernel.shape;
        const [rows, columns] = steps[name].y.shape;
        const within = (n, k, size) => Math.min(Math.max(n - (k >> 1), 0), size - 1);
        look([within(row, kh, rows), within(column, kw, columns), chosen[2]]);
      },
      hold,
      () => play.isPlaying(),
    );
    const code = make("code");
    const facts = { weights: fact("Parameters"), macs: fact("MACs") };
    const title = make("p", { class: "volumes-title" }, make("strong", { text: name[0].toUpperCase() + name.slice(1) }), " ", code);
    const holder = make("div", { class: "volumes-step" }, title, view.canvas,
      make("dl", { class: "volumes-facts" }, ...Object.values(facts).map((one) => one.root)));
    return { ...view, root: holder, code, facts };
  }

  function fact(name) {
    const value = make("dd");
    const bar = make("span", { class: "volumes-bar" });
    return { root: make("div", {}, make("dt", { text: name }), value, make("dd", { "aria-hidden": "true", class: "volumes-track" }, bar)), value, bar };
  }

  /** @param {Cell} cell @param {number} [channel] after the depthwise step */
  function look(cell, channel = between) {
    chosen = cell;
    between = channel;
    if (made !== Infinity) {
      made = Infinity;
      countUp();
    }
    play.pause();
    changed(true);
  }

  /** Compute anew, after a change of the setting or of the width. */
  function renew() {
    steps = stepsOf(setting);
    order = cellOrder(steps);
    made = Infinity;
    chosen = /** @type {Cell} */ (chosen.map((n, axis) => Math.min(n, steps.dense.y.shape[axis] - 1)));
    between = Math.min(between, steps.depthwise.y.shape[2] - 1);
    fields.forEach((field) => field.update());
    measure();
    play.span(order.cells);
    const code = kerasCode(setting);
    for (const name of NAMES) panels[name].code.textContent = code[name];
    compare();
    countUp();
    changed(false);
  }

  function measure() {
    const narrow = root.clientWidth < NARROW;
    board.classList.toggle("volumes-narrow", narrow);
    const width = narrow ? root.clientWidth : Math.floor((root.clientWidth - 2 * GAP) / 3);
    for (const name of NAMES) panels[name].update(steps[name], width, narrow, { input: SIZE, kernel: setting.kernel });
  }

  function compare() {
    const { dense, separable } = costs(steps);
    const percent = (part, all) => `${Math.round((100 * part) / all)} %`;
    summary.textContent =
      `Without biases, depthwise and pointwise together: ${count(separable.parameters)} parameters and ${count(separable.macs)} MACs. ` +
      `That is ${percent(separable.macs, dense.macs)} of the dense layer’s ${count(dense.parameters)} and ${count(dense.macs)}.`;
  }

  function changed(speak) {
    point();
    play.show(order.indexOf(chosen), `row ${chosen[0]}, column ${chosen[1]}, filter ${chosen[2]}`);
    tell();
    if (speak) live.textContent = said.textContent;
    if (written.open) spell();
    request();
  }

  /** Counters and bars. */
  function countUp() {
    const soFar = macsAfter(steps, Math.min(made, order.cells));
    const { dense, separable } = costs(steps);
    const most = { weights: Math.max(dense.parameters, separable.parameters), macs: Math.max(dense.macs, separable.macs) };
    for (const name of NAMES) {
      const { weights, macs } = steps[name].cost;
      const { facts } = panels[name];
      facts.weights.value.textContent = count(weights);
      facts.macs.value.textContent = made < order.cells ? `${count(soFar[name])} of ${count(macs)}` : count(macs);
      facts.weights.bar.style.width = `${(100 * weights) / most.weights}%`;
      facts.macs.bar.style.width = `${(100 * soFar[name]) / most.macs}%`;
    }
  }

  /** The sentence about the chosen cell. */
  function tell() {
    const [r, c, f] = chosen;
    const products = (name, cell) => termsOf(steps[name], cell).length;
    const [d, p, m] = [products("dense", chosen), products("depthwise", [r, c, between]), products("pointwise", chosen)];
    said.textContent =
      `Row ${r}, column ${c}, filter ${f} is ${number(valueAt("dense", chosen))} either way. Dense: ${d} products. ` +
      `Separable: ${p} products in ${m === 1 ? "the one channel" : `each of ${m} channels`}, which all filters share, and ${m} more. ` +
      `After the depthwise step, channel ${between} is ${number(valueAt("depthwise", [r, c, between]))} there, ` +
      `from input channel ${reads(steps.depthwise, between)[0]} alone.`;
  }

  const valueAt = (name, [r, c, f]) => {
    const { shape, data } = steps[name].y;
    return data[(r * shape[1] + c) * shape[2] + f];
  };

  function spell() {
    const cells = /** @type {Record<Name, Cell>} */ ({ dense: chosen, depthwise: [chosen[0], chosen[1], between], pointwise: chosen });
    const factor = (n) => (n < 0 ? `(${number(n)})` : number(n));
    sums.replaceChildren(...NAMES.map((name) => {
      const terms = termsOf(steps[name], cells[name]);
      const [first, end] = reads(steps[name], cells[name][2]);
      const from = end - first === 1 ? `input channel ${first}` : `${end - first} input channels`;
      const products = terms.map((term) => `${factor(term.value)} · ${factor(term.weight)}`).join(" + ");
      return make("p", {}, make("strong", { text: `${name}, channel ${cells[name][2]}, from ${from}: ` }),
        `${products} = ${number(valueAt(name, cells[name]))}`);
    }));
  }

  /** Tell the panels which cell is chosen; keys may come faster than frames. */
  function point() {
    const everyFilter = Array.from({ length: setting.channels * setting.multiplier }, (_, n) => n).filter((n) => n !== between);
    panels.dense.choose(chosen, [], made);
    panels.depthwise.choose([chosen[0], chosen[1], between], everyFilter, made);
    panels.pointwise.choose(chosen, [], made);
  }

  function draw() {
    for (const name of NAMES) panels[name].draw();
  }

  const request = drawing(root, draw, measure);
  renew();
  draw();
}

everywhere("volumes", volumes);
