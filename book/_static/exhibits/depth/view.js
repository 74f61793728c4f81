// One network: the maps of each of its layers, and the weights that make the chosen one.

import { layersOf } from "../arithmetic/depth.js";
import { runner } from "../arithmetic/network.js";
import { pointOf, sized } from "../canvas.js";
import { ARROWS, colours, count, make, onPointer } from "../dom.js";
import { strongest } from "../map.js";

const GAP = 4; // between maps
const WIDE = 260; // from which a column takes the many small maps of a layer in fewer rows
const FACTOR = 7; // height of a factor below its pattern
const LARGEST = { map: 6, pattern: 8 }; // pixels of a cell

/**
 * @param {import("../arithmetic/network.js").Network} network
 * @param {{layer: number, map: number, last: Record<number, number>}} chosen the same in all networks;
 *   last: the map of each layer that was looked at last
 * @param {(layer: number, map: number) => void} choose
 * @param {{held?: string}} hold what a click holds in any network
 */
export function networkView(network, chosen, choose, hold) {
  const run = runner(network);
  const layers = layersOf(network);
  /** @type {import("../arithmetic/arrays.js").Tensor[]} */
  let outputs = [];
  let width = 0;

  const answer = make("p", { class: "depth-answer" });
  const rows = layers.map((layer, n) => {
    const title = make("p");
    const canvas = make("canvas", { class: "depth-maps", tabindex: 0, role: "application", "aria-roledescription": "maps of a layer" });
    const at = (event) => {
      const map = under(n, pointOf(canvas, event));
      if (map < 0) return undefined;
      choose(n, map);
      return `${n} ${map}`;
    };
    onPointer(canvas, at, hold);
    canvas.addEventListener("keydown", (event) => {
      const from = chosen.layer === n ? chosen.map : 0;
      const across = columns(layer.maps);
      const [down, right] = ARROWS[event.key] ?? [0, 0];
      const all = event.ctrlKey || event.metaKey;
      const first = all ? 0 : from - (from % across);
      const last = all ? layer.maps - 1 : first + across - 1;
      const end = { Home: first, End: Math.min(last, layer.maps - 1) }[event.key];
      if (!down && !right && end === undefined) return;
      event.preventDefault();
      const map = end ?? from + right + down * across;
      if (map >= 0 && map < layer.maps) choose(n, map);
    });
    canvas.addEventListener("focus", () => chosen.layer !== n && choose(n, chosen.last[n] ?? 0));
    return { layer, title, canvas };
  });
  const made = make("p", { class: "depth-made" });
  const filter = make("canvas", { class: "depth-filter", role: "img" });
  const heading = make("h3", { text: network.title });
  const parts = rows.flatMap(({ title, canvas }) => [title, canvas]);
  const root = make("section", { class: "depth-network" }, heading, answer, ...parts, made, make("div", { class: "depth-weights" }, filter));

  const columns = (maps) => Math.min(maps, maps <= 8 ? 4 : maps > 16 && width >= WIDE ? 16 : 8);

  /** Whole pixels for a cell of a layer's maps, and their number side by side. */
  function grid(n) {
    const [side] = outputs[layers[n].output].shape;
    const across = columns(layers[n].maps);
    const room = (width - GAP * (across - 1) - 2) / across;
    const cell = Math.max(1, Math.min(LARGEST.map * (side < 8 ? 2 : 1), Math.floor(room / side)));
    return { side, across, cell, step: side * cell + GAP };
  }

  /** The map below a point of a layer's canvas; -1 where there is none. */
  function under(n, [x, y]) {
    const { across, step } = grid(n);
    const [column, row] = [Math.floor((x - 1 + GAP / 2) / step), Math.floor((y - 1 + GAP / 2) / step)];
    const map = row * across + column;
    return column >= 0 && column < across && map >= 0 && map < layers[n].maps ? map : -1;
  }

  /** @param {import("../arithmetic/arrays.js").Tensor} image */
  function read(image) {
    outputs = run(image);
    const last = [...outputs[outputs.length - 1].data];
    const best = last.indexOf(Math.max(...last));
    answer.textContent = `${count(network.parameters)} parameters; says ${best}, ${Math.round(100 * last[best])}\u00a0% sure`;
  }

  /** Draw all, the maps of a layer in colours of one scale or of one for each. */
  function draw(oneScale) {
    width = root.clientWidth;
    const ink = colours(root, ["positive", "negative", "chosen", "zero", "line", "padding"]);
    rows.forEach((_, n) => drawMaps(n, ink, oneScale));
    drawFilter(ink);
  }

  function drawMaps(n, ink, oneScale) {
    const { layer, title, canvas } = rows[n];
    const array = outputs[layer.output];
    const { side, across, cell, step } = grid(n);
    const paint = sized(canvas, across * step - GAP + 2, Math.ceil(layer.maps / across) * step - GAP + 2);
    const ofLayer = strongest(array);
    for (let map = 0; map < layer.maps; map++) {
      const corner = [1 + (map % across) * step, 1 + Math.floor(map / across) * step];
      const values = Array.from({ length: side * side }, (_, place) => array.data[place * layer.maps + map]);
      const most = oneScale ? ofLayer : Math.max(...values.map(Math.abs)) || 1;
      cells(paint, values, [side, side], corner, cell, most, ink);
      if (chosen.layer === n && chosen.map === map) frame(paint, corner, side * cell, ink.chosen, 2);
    }
    title.textContent = `Layer ${n + 1}: ${layer.maps} maps, ${side}×${side}`;
    canvas.setAttribute("aria-label", `${network.title}, layer ${n + 1}: ${layer.maps} maps of ${side} by ${side}. Arrow keys, Home and End choose one, Home and End with Control the first and the last.`);
  }

  function drawFilter(ink) {
    const layer = layers[chosen.layer];
    const { patterns, factors } = layer.filter(chosen.map);
    const [height, wide] = layer.size;
    const across = columns(layer.channels);
    const room = (width - GAP * (across - 1) - 2) / across;
    const cell = Math.max(1, Math.min(LARGEST.pattern, Math.floor(room / wide)));
    const [right, down] = [wide * cell + GAP, height * cell + GAP + (factors ? FACTOR + 2 : 0)];
    const paint = sized(filter, across * right - GAP + 2, Math.ceil(layer.channels / across) * down - GAP + 2);
    const most = Math.max(...patterns.flat().map(Math.abs));
    patterns.forEach((values, c) => {
      const [x, y] = [1 + (c % across) * right, 1 + Math.floor(c / across) * down];
      cells(paint, values, [height, wide], [x, y], cell, most, ink);
      if (!factors) return;
      const long = (Math.abs(factors[c]) / layer.strongest) * wide * cell;
      const top = y + height * cell + 2;
      paint.fillStyle = ink.padding;
      paint.fillRect(x, top, wide * cell, FACTOR);
      paint.fillStyle = factors[c] > 0 ? ink.positive : ink.negative;
      paint.fillRect(x, top, long, FACTOR);
    });
    const one = layer.channels === 1;
    const kernels = `${one ? "kernel" : "kernels"}, ${height}×${wide}`;
    const number = one ? "" : `${layer.channels} `;
    made.textContent = factors ? `${one ? "A" : number.trim()} shared ${kernels}; its own factor${one ? "" : "s"}` : `Its own ${number}${kernels}`;
    filter.setAttribute("aria-label", `Weights of map ${chosen.map + 1} of layer ${chosen.layer + 1}: ${made.textContent}${factors ? `: ${factors.map((value) => value.toFixed(2)).join(", ")}` : ""}`);
  }

  /** Of a map: its strongest value, and what it is made by. */
  function words(layer, map) {
    const { maps, own, shared, output } = layers[layer];
    const values = outputs[output].data.filter((_, place) => place % maps === map);
    const seen = values.some((value) => value !== 0) ? `strongest ${Math.max(...values).toFixed(1)}` : "nothing but zeros";
    return `${network.title}: ${seen}; ${own === 1 ? "1 weight" : `${own} weights`} of its own${shared ? `, ${shared} that all ${maps} maps share` : ""}.`;
  }

  return { root, read, draw, words, layers };
}

/** Paint one map or pattern: each cell in the colour of its sign, as strong as its value. */
function cells(paint, values, [height, width], [x, y], cell, most, ink) {
  paint.fillStyle = ink.zero;
  paint.fillRect(x, y, width * cell, height * cell);
  values.forEach((value, n) => {
    if (!value) return;
    paint.globalAlpha = Math.min(1, Math.abs(value) / most);
    paint.fillStyle = value > 0 ? ink.positive : ink.negative;
    paint.fillRect(x + (n % width) * cell, y + Math.floor(n / width) * cell, cell, cell);
  });
  paint.globalAlpha = 1;
  frame(paint, [x, y], [width * cell, height * cell], ink.line, 1);
}

function frame(paint, [x, y], size, style, thick) {
  const [width, height] = [size].flat().length === 1 ? [size, size] : size;
  paint.strokeStyle = style;
  paint.lineWidth = thick;
  paint.strokeRect(x - thick / 2 + 0.5, y - thick / 2 + 0.5, width + thick - 1, height + thick - 1);
}
