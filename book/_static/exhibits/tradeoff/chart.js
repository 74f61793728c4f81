// The drawing: axes, a line for each family, a mark for each network.

import { inOrder, logScale, near, range, spread, ticks } from "../arithmetic/tradeoff.js";
import { count } from "../dom.js";
import { shape } from "../svg.js";

const [LEFT, RIGHT, TOP, BOTTOM] = [44, 10, 10, 40];
const ROOM = 1.25; // beyond the outermost points, as a factor
const APART = 62; // pixels between numbers of the horizontal axis
const [FAR, CLOSE] = [40, 14]; // pixels within which a point is meant, and among others

/** @typedef {import("../arithmetic/tradeoff.js").Point} Point */

/** Shapes of the marks, around the origin. */
export const MARKS = {
  dense: "M5 0A5 5 0 1 1 -5 0A5 5 0 1 1 5 0Z",
  separable: "M-4.6 -4.6H4.6V4.6H-4.6Z",
  champion: star(5, 10, 4.2),
  source: "M0 -6L6 5H-6Z",
  published: "M0 -6.5L6.5 0L0 6.5L-6.5 0Z",
};

function star(tips, outer, inner) {
  const corners = Array.from({ length: 2 * tips }, (_, n) => {
    const [angle, radius] = [(n * Math.PI) / tips, n % 2 ? inner : outer];
    return `${(radius * Math.sin(angle)).toFixed(2)} ${(-radius * Math.cos(angle)).toFixed(2)}`;
  });
  return `M${corners.join("L")}Z`;
}

/** Kinds without a mark of their own have their family's. @param {Point} point */
const markOf = ({ kind, family }) => MARKS[kind] ?? MARKS[family];

/**
 * @param {Point[]} points
 * @param {Record<string, string>} axes what each horizontal axis is called
 * @param {(n: number) => string} describe
 * @param {(n: number) => void} look
 */
export function chart(points, axes, describe, look) {
  const svg = shape("svg", { class: "live-drawing tradeoff-chart", role: "group" });
  const rules = shape("g", { "aria-hidden": "true" });
  const quarter = shape("rect", { class: "tradeoff-better", x: LEFT, y: TOP });
  const families = [...new Set(points.map(({ family, kind }) => (kind === "curve" ? family : null)))].filter(Boolean);
  const lines = families.map((family) => shape("path", { class: `tradeoff-line tradeoff-${family}` }));
  const marks = points.map((point, n) => {
    const runs = shape("g", { class: "tradeoff-runs" });
    const own = shape("path", { d: markOf(point), class: "tradeoff-mark" });
    const label = shape("text", { class: "tradeoff-label", text: point.label ?? "" });
    const kind = `tradeoff-point tradeoff-${point.family ?? "unknown"} tradeoff-${point.kind}`;
    const root = shape("g", { class: kind, tabindex: -1, role: "img", "aria-label": describe(n) }, runs, own, label);
    root.addEventListener("focus", () => look(n));
    return { root, runs, own, label };
  });
  const ring = shape("circle", { class: "live-chosen", r: 9, "stroke-width": 2 });
  svg.append(rules, quarter, ...lines, ...marks.map(({ root }) => root), ring);

  const means = points.map(({ test }) => spread(test).mean);
  const errors = range(points.flatMap(({ test }) => test.map((share) => 1 - share)), ROOM);
  const ranges = Object.fromEntries(
    Object.keys(axes).map((key) => [key, range(points.map((point) => point[key]).filter(Boolean), ROOM)]),
  );
  let [width, height] = [0, 0];
  let chosen = 0;
  /** Where the points are, and how much of each is seen. */
  let seen = points.map(() => ({ x: 0, share: 0 }));

  let start = seen;

  const across = (axis) => logScale(ranges[axis], [LEFT, width - RIGHT]);
  const up = (share) => logScale(errors, [TOP, height - BOTTOM])(1 - share);
  const placesOn = (axis) => points.map((point) => (point[axis] ? across(axis)(point[axis]) : null));

  function ruled(axis) {
    const x = across(axis);
    const [left, bottom] = [LEFT, height - BOTTOM];
    const parts = ticks(errors).flatMap((error) => [
      shape("path", { d: `M${left} ${up(1 - error)}H${width - RIGHT}`, class: "tradeoff-rule" }),
      shape("text", { x: left - 6, y: up(1 - error), text: `${+(100 * (1 - error)).toFixed(6)}\u00a0%`, class: "tradeoff-end" }),
    ]);
    let last = -APART;
    for (const value of ticks(ranges[axis])) {
      parts.push(shape("path", { d: `M${x(value)} ${TOP}V${bottom}`, class: "tradeoff-rule" }));
      if (x(value) - last < APART) continue;
      last = x(value);
      parts.push(shape("text", { x: last, y: bottom + 15, text: count(value), class: "tradeoff-tick" }));
    }
    parts.push(shape("text", { x: (left + width) / 2, y: height - 4, text: axes[axis], class: "tradeoff-tick" }));
    rules.replaceChildren(...parts);
  }

  /** From here all move, wherever they are. */
  const begin = () => (start = seen);

  /** Lay everything out on the way to an axis: `done` goes from 0 to 1. */
  function place(to, done) {
    const after = placesOn(to);
    seen = start.map(({ x, share }, n) => ({
      x: mix(share ? x : (after[n] ?? x), after[n] ?? x, done),
      share: mix(share, after[n] === null ? 0 : 1, done),
    }));
    marks.forEach(({ root, label }, n) => {
      root.setAttribute("transform", `translate(${seen[n].x.toFixed(2)} 0)`);
      root.style.opacity = seen[n].share;
      root.toggleAttribute("hidden", seen[n].share === 0);
      const atEnd = seen[n].x > width - 90; // there, its label stands above it
      const left = points[n].kind === "champion"; // and those of others on the right
      label.setAttribute("x", atEnd ? 5 : left ? -11 : 11);
      label.setAttribute("y", up(means[n]) + (atEnd ? -11 : 4));
      label.setAttribute("text-anchor", atEnd || left ? "end" : "start");
    });
    lines.forEach((line, n) => {
      const own = inOrder(points, to).filter((k) => points[k].kind === "curve" && points[k].family === families[n]);
      line.setAttribute("d", own.map((k, i) => `${i ? "L" : "M"}${seen[k].x.toFixed(2)} ${up(means[k]).toFixed(2)}`).join(""));
    });
    corner();
  }

  /** Ring the chosen point, and shade what is better than it. */
  function corner() {
    quarter.setAttribute("width", Math.max(0, seen[chosen].x - LEFT));
    quarter.setAttribute("height", Math.max(0, up(means[chosen]) - TOP));
    ring.setAttribute("cx", seen[chosen].x);
    ring.setAttribute("cy", up(means[chosen]));
  }

  /** Draw for a size, on an axis. */
  function draw(size, axis) {
    [width, height] = size;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    ruled(axis);
    marks.forEach(({ runs, own }, n) => {
      own.setAttribute("transform", `translate(0 ${up(means[n]).toFixed(2)})`);
      const { least, most } = spread(points[n].test);
      const bar = shape("path", { d: `M0 ${up(least)}V${up(most)}`, class: "tradeoff-spread" });
      runs.replaceChildren(bar, ...points[n].test.map((share) => shape("circle", { cx: 0, cy: up(share), r: 2.2 })));
    });
    place(axis, 1);
  }

  function choose(n) {
    chosen = n;
    marks.forEach(({ root }, k) => {
      root.classList.toggle("tradeoff-looked", k === n);
      root.setAttribute("tabindex", k === n ? 0 : -1);
    });
    corner();
  }

  /** The point that is meant by a place in the drawing; again there, the next of those; -1 for none. */
  function at(place, again) {
    const places = seen.map((one, n) => (one.share === 1 ? [one.x, up(means[n])] : null));
    const close = near(places, place, CLOSE);
    if (again && close.includes(chosen)) return close[(close.indexOf(chosen) + 1) % close.length];
    return near(places, place, FAR)[0] ?? -1;
  }

  return { svg, draw, begin, place, ruled, choose, at, focus: (n) => marks[n].root.focus() };
}

const mix = (from, to, done) => from + (to - from) * done;
