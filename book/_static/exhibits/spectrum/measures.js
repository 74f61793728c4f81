// What a number of towers costs, and what the chapter's runs reached with it.

import { count, make, onPress } from "../dom.js";
import { shape } from "../svg.js";

/**
 * @typedef {object} Measured
 * @property {number} channels
 * @property {number[]} towers
 * @property {number} at the place among these to begin with
 * @property {number[]} parameters of the network, for each number of towers
 * @property {{pointwise: number, spatial: number, rest: number}[]} macs
 * @property {Record<string, number[][]>} accuracy of each start, by order and ReLU ("p yes")
 */

const [WIDE, HIGH, LEFT, TOP, BOTTOM] = [240, 128, 26, 8, 22];

/**
 * @param {Measured} data
 * @param {(at: number) => void} choose
 */
export function measures(data, choose) {
  const all = Object.values(data.accuracy).flat(2);
  const least = Math.floor(20 * Math.min(...all)) / 20;
  const most = Math.ceil(20 * Math.max(...all)) / 20;
  const column = (WIDE - LEFT) / data.towers.length;
  const x = (n) => LEFT + (n + 0.5) * column;
  const y = (value) => TOP + ((most - value) / (most - least)) * (HIGH - TOP - BOTTOM);
  const largest = Math.max(...data.macs.map(sum));

  const parameters = bar("Parameters");
  const macs = bar("MACs");
  const said = make("p", { class: "spectrum-said" });
  const chart = shape("svg", { class: "live-drawing spectrum-chart", viewBox: `0 0 ${WIDE} ${HIGH}`, role: "img" });
  onPress(chart, (event) => {
    const box = chart.getBoundingClientRect();
    const n = Math.floor((((event.clientX - box.left) / box.width) * WIDE - LEFT) / column);
    if (n >= 0 && n < data.towers.length) choose(n);
  });

  function update(at, pointwiseFirst, between) {
    const own = `${pointwiseFirst ? "p" : "d"} ${between ? "yes" : "no"}`;
    parameters.show(`${count(data.parameters[at])}`, [["rest", data.parameters[at] / Math.max(...data.parameters)]]);
    const cost = data.macs[at];
    macs.show(`${count(sum(cost))}`, Object.entries(cost).map(([kind, value]) => [kind, value / largest]));
    const parts = [];
    const step = (most - least) / 0.05 > 5 ? 0.1 : 0.05;
    for (let value = most; value > least - 1e-9; value -= step) {
      parts.push(shape("path", { d: `M${LEFT} ${y(value)}H${WIDE}`, class: "spectrum-rule" }));
      parts.push(shape("text", { x: LEFT - 4, y: y(value), text: `${Math.round(100 * value)}`, class: "spectrum-tick spectrum-end" }));
    }
    parts.push(shape("rect", { x: LEFT + at * column, y: TOP - 4, width: column, height: HIGH - TOP - BOTTOM + 8, class: "live-chosen", "stroke-width": 1 }));
    data.towers.forEach((towers, n) => {
      parts.push(shape("text", { x: x(n), y: HIGH - BOTTOM + 10, text: towers, class: "spectrum-tick" }));
      for (const [kind, runs] of Object.entries(data.accuracy)) {
        const strong = kind === own;
        for (const value of runs[n]) parts.push(shape("circle", { cx: x(n), cy: y(value), r: strong ? 2.4 : 1.4, class: strong ? "spectrum-run" : "spectrum-other" }));
        if (strong) parts.push(shape("path", { d: `M${x(n) - 8} ${y(mean(runs[n]))}h16`, class: "spectrum-mean" }));
      }
    });
    parts.push(shape("text", { x: LEFT + (WIDE - LEFT) / 2, y: HIGH - 3, text: "towers", class: "spectrum-tick" }));
    chart.replaceChildren(...parts);
    const now = data.accuracy[own][at];
    said.textContent = `Accuracy ${percent(mean(now))}, ${now.length === 1 ? "1 start" : `${now.length} starts`}: ${percent(Math.min(...now))} to ${percent(Math.max(...now))}`;
    chart.setAttribute(
      "aria-label",
      `Test accuracy by number of towers, means: ${data.towers.map((towers, n) => `${towers}: ${percent(mean(data.accuracy[own][n]))}`).join(", ")}. The other orders are shown pale.`,
    );
  }

  const key = make(
    "p",
    { class: "live-key" },
    ...[["pointwise", "1×1"], ["spatial", "3×3"], ["rest", "first and last layer"]].map(([kind, words]) =>
      make("span", {}, make("i", { class: `spectrum-${kind}`, "aria-hidden": "true" }), words),
    ),
  );
  const pale = make("p", { class: "spectrum-note", text: "Dots: test accuracy in %, one for each start; pale, those of the other orders." });
  const root = make("div", { class: "spectrum-measures" }, parameters.root, macs.root, key, said, chart, pale);
  return { root, update };
}

function bar(name) {
  const value = make("b");
  const track = make("div", { class: "spectrum-track", "aria-hidden": "true" });
  const show = (words, parts) => {
    value.textContent = words;
    track.replaceChildren(...parts.map(([kind, share]) => make("span", { class: `spectrum-${kind}`, style: `width:${100 * share}%` })));
  };
  return { root: make("div", { class: "spectrum-bar" }, make("p", {}, `${name} `, value), track), show };
}

const sum = (cost) => Object.values(cost).reduce((total, value) => total + value, 0);
const mean = (values) => values.reduce((total, value) => total + value, 0) / values.length;
const percent = (share) => `${(100 * share).toFixed(1)} %`;
