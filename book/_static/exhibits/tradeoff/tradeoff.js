// Accuracy against cost as a chart that can be asked: which network, which seeds, which spread.

import { better, inOrder, spread } from "../arithmetic/tradeoff.js";
import { count, everywhere, make, onPointer, takeTheStage } from "../dom.js";
import { choice, dataOf } from "../live.js";
import { placeIn } from "../svg.js";
import { chart, MARKS } from "./chart.js";

const MOVE = 700; // milliseconds from one axis to the other
const [NARROW, TALL, LOW] = [420, 400, 300]; // below this width the chart is lower
const NAMED = 2; // of those that are better
const KEY = [
  ["dense", "tradeoff-dense", "dense"],
  ["separable", "tradeoff-separable", "separable"],
  ["champion", "tradeoff-separable", "champion"],
  ["source", "tradeoff-unknown", "the source’s, trained here"],
  ["published", "tradeoff-unknown tradeoff-published", "as published"],
];

/** @param {HTMLElement} root */
function show(root) {
  /**
   * @type {{
   *   axes: Record<string, string>, at: string,
   *   points: (import("../arithmetic/tradeoff.js").Point & {by?: string, chosen?: string, label?: string})[],
   * }}
   */
  const { axes, at, points } = dataOf(root);
  let axis = Object.keys(axes)[0];
  let chosen = Math.max(0, points.findIndex(({ name }) => name === at));
  let moving = 0;

  const told = make("div", { class: "tradeoff-told" });
  const drawing = chart(points, axes, (n) => sentence(points[n]), choose);
  const stage = make("div", { class: "tradeoff-stage" }, drawing.svg);
  const switched = choice("Against", Object.keys(axes).map((key) => [key, SHORT[key] ?? axes[key]]), axis, turn);

  let away = -1; // the network that was chosen and has no place on this axis

  /** @param {number} n @param {string} [why] another than the one that was chosen */
  function choose(n, why = "") {
    chosen = n;
    if (!why) away = -1;
    drawing.choose(n);
    const point = points[n];
    const [lines, runs] = facts(point);
    const ahead = better(points, n, axis).map((k) => called(points[k]));
    told.replaceChildren(
      ...(why ? [make("p", { class: "tradeoff-why", text: why })] : []),
      make("h3", { text: called(point) }),
      ...lines.map((text) => make("p", { text })),
      make("ul", { class: "tradeoff-seeds" }, ...runs.map((text) => make("li", { text }))),
      make("p", { class: "tradeoff-ahead", text: `Better at this cost or less (grey): ${listed(ahead)}.` }),
    );
  }

  /** Move all points to the other axis. @param {string} to */
  function turn(to) {
    axis = to;
    drawing.begin();
    cancelAnimationFrame(moving);
    drawing.ruled(axis);
    const meant = away >= 0 ? away : chosen;
    if (points[meant][axis]) {
      choose(meant);
    } else {
      away = meant;
      const instead = inOrder(points, axis).find((n) => points[n].family === points[meant].family) ?? 0;
      choose(instead, `${called(points[meant])}: ${SHORT[axis] ?? axis} not published, so it is not shown. In its place:`);
    }
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return drawing.place(to, 1);
    const begun = performance.now();
    const step = (now) => {
      const done = Math.min(1, Math.max(0, (now - begun) / MOVE));
      drawing.place(to, done * done * (3 - 2 * done));
      if (done < 1) moving = requestAnimationFrame(step);
    };
    moving = requestAnimationFrame(step);
    return undefined;
  }

  const { svg } = drawing;
  onPointer(svg, (event) => {
    const n = drawing.at(placeIn(svg, event), event.type !== "pointermove");
    if (n >= 0 && n !== chosen) choose(n);
    return n >= 0 ? String(n) : undefined;
  });
  svg.addEventListener("keydown", (event) => {
    const order = inOrder(points, axis);
    const here = order.indexOf(chosen);
    const to = { ArrowLeft: here - 1, ArrowDown: here - 1, ArrowRight: here + 1, ArrowUp: here + 1, Home: 0, End: order.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    drawing.focus(order[Math.min(Math.max(to, 0), order.length - 1)]);
  });

  const key = make("p", { class: "live-key tradeoff-key" }, ...KEY.filter(([kind]) => points.some((point) => kind === point.kind || kind === point.family)).map(([kind, style, words]) => {
    const sign = make("i", { "aria-hidden": "true" });
    sign.innerHTML = `<svg viewBox="-11 -11 22 22"><g class="tradeoff-point ${style}"><path class="tradeoff-mark" d="${MARKS[kind]}"/></g></svg>`;
    return make("span", {}, sign, words);
  }));
  svg.setAttribute("aria-label", `Test accuracy of ${points.length} networks against their cost. Arrow keys go from one to the next.`);
  takeTheStage(root);
  root.append(make("div", { class: "live-top" }, switched), make("div", { class: "tradeoff-both" }, make("div", {}, stage, key), told));

  let width = 0;
  function fit() {
    if (!stage.clientWidth || stage.clientWidth === width) return;
    width = stage.clientWidth;
    cancelAnimationFrame(moving);
    drawing.draw([width, width < NARROW ? LOW : TALL], axis);
  }
  new ResizeObserver(fit).observe(stage);
  fit();
  choose(chosen);
}

const SHORT = { parameters: "parameters", macs: "MACs" };

/** What a network is called, with its letter in the chart and its family unless the name has it. */
function called({ name, family, label }) {
  const letter = label?.length === 1 ? `${label}: ` : "";
  return letter + (!family || name.includes(family) ? name : `${name}, ${family}`);
}

/** Some names of many. @param {string[]} names */
function listed(names) {
  if (!names.length) return "none of these";
  const more = names.length - NAMED;
  return more > 1 ? `${names.slice(0, NAMED).join("; ")}; and ${more} more` : names.join("; ");
}

/** Cost and accuracy of a network, then each of its runs. @returns {[string[], string[]]} */
function facts(point) {
  const { mean, deviation, least, most } = spread(point.test);
  const macs = point.macs ? `${count(point.macs)} MACs` : "MACs not published";
  const cost = `${count(point.parameters)} parameters, ${macs}`;
  if (point.by) return [[cost, `${percent(mean)}, stated by ${point.by}`, point.chosen], []];
  const apart = deviation === null ? "one run" : `± ${(100 * deviation).toFixed(2)}, from ${percent(least)} to ${percent(most)}`;
  const runs = point.test.map((share, n) => `seed ${point.seeds[n]}: ${percent(share)}`);
  return [[cost, `${percent(mean)} ${apart}`, `${point.epochs} epochs of training`], runs];
}

const percent = (share) => `${(100 * share).toFixed(2)}\u00a0%`;

/** All that is known of a network, in words. */
const sentence = (point) => `${called(point)}: ${facts(point).flat().join("; ")}`;

everywhere("tradeoff", show);
