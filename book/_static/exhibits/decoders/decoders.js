// Four decoders at some moments of their training, run in the page.

import { decode, pattern, rootMeanSquare, unpack } from "../arithmetic/decoder.js";
import { tensor, zeros } from "../arithmetic/arrays.js";
import { everywhere, make, takeTheStage } from "../dom.js";
import { choice, dataOf, slider } from "../live.js";

const STRETCHED = 8; // contrast of the even surface, which would look even without

/** @typedef {import("../arithmetic/arrays.js").Tensor} Tensor */

/** @param {HTMLElement} root */
function begin(root) {
  /**
   * Layers of each decoder at each moment; pictures as bytes.
   * @type {{
   *   decoders: {name: string, moments: any[][]}[], steps: number[], at: number, period: number, rim: number,
   *   grey: number, small: {shape: number[], pixels: string}, large: {shape: number[], pixels: string},
   * }}
   */
  const data = dataOf(root);
  const [small, large] = [pictureOf(data.small), pictureOf(data.large)];
  const filled = ({ shape }) => ({ shape, data: zeros(shape).data.fill(data.grey) });
  const sources = { photo: [small, large], even: [filled(small), filled(large)] };
  let at = data.at;
  let source = "photo";
  /** @type {Map<string, Tensor>} */
  const known = new Map();
  let round = 0;

  const given = panel("what goes in", "Small picture that goes in");
  const wanted = panel("what should come out", "Large picture that should come out");
  const made = data.decoders.map(({ name }) => panel(name, `What the decoder makes: ${name}`));
  const when = slider("steps of training", 0, data.steps.length - 1, at, (n) => `${data.steps[n]}`, (value) => {
    at = value;
    show();
  });
  const what = choice("Input", [["photo", "photograph"], ["even", "even surface"]], source, (value) => {
    source = value;
    show();
  });
  const note = make("p", { class: "decoders-note" });

  const key = (n) => `${n} ${at} ${source}`;

  function output(n) {
    if (!known.has(key(n))) {
      const layers = data.decoders[n].moments[at].map((layer) =>
        layer.kernel ? { ...layer, kernel: unpack(layer.kernel), bias: unpack(layer.bias).data } : layer,
      );
      known.set(key(n), decode(layers, sources[source][0]));
    }
    return known.get(key(n));
  }

  function show() {
    const [from, to] = sources[source];
    const stretch = source === "even" ? STRETCHED : 1;
    paint(given, from, stretch, "");
    paint(wanted, to, stretch, words(to, to));
    round += 1;
    showMade(0, round);
    note.textContent =
      source === "even"
        ? `One grey everywhere goes in; contrast is drawn ${STRETCHED} times as strong.`
        : "Grey values below black or above white are cut off.";
  }

  /** Run one decoder in each frame, unless it has run before. */
  function showMade(n, asked) {
    if (n === made.length || asked !== round) return;
    const fresh = !known.has(key(n));
    const [, to] = sources[source];
    paint(made[n], output(n), source === "even" ? STRETCHED : 1, words(output(n), to));
    if (fresh) requestAnimationFrame(() => showMade(n + 1, asked));
    else showMade(n + 1, asked);
  }

  function words(y, to) {
    const error = y === to ? "" : `, error ${rootMeanSquare(y, to, data.rim).toFixed(3)}`;
    return `pattern ${pattern(y, data.period, data.rim).toFixed(4)}${error}`;
  }

  function paint({ canvas, numbers, title }, picture, stretch, said) {
    const [height, width] = picture.shape;
    const pixels = new ImageData(width, height);
    picture.data.forEach((value, n) => {
      const grey = 255 * (data.grey + (value - data.grey) * stretch);
      pixels.data.set([grey, grey, grey, 255], 4 * n);
    });
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").putImageData(pixels, 0, 0);
    canvas.setAttribute("aria-label", `${title}${said && `: ${said}`}`);
    numbers.textContent = said;
  }

  const grid = make("div", { class: "decoders-panels" }, ...[given, wanted, ...made].map((one) => one.root));

  /** Whole device pixels for each pixel: anything else would draw patterns of its own. */
  function fit() {
    const columns = getComputedStyle(grid).gridTemplateColumns.split(" ").length;
    const scale = devicePixelRatio || 1;
    const room = (grid.clientWidth - 12 * (columns - 1)) / columns;
    const side = data.large.shape[0];
    const width = (Math.max(1, Math.floor((room * scale) / side)) * side) / scale;
    grid.style.setProperty("--decoders-side", `${width}px`);
  }

  takeTheStage(root);
  root.append(make("div", { class: "live-top" }, when.root, what), grid, note);
  show();
  new ResizeObserver(fit).observe(grid);
}

function panel(words, title) {
  const canvas = make("canvas", { role: "img", class: "decoders-picture" });
  const numbers = make("span", { class: "decoders-numbers" });
  const root = make("figure", { class: "decoders-panel" }, canvas, make("figcaption", {}, make("b", { text: words }), numbers));
  return { root, canvas, numbers, title };
}

/** A picture from bytes in base64. @returns {Tensor} */
const pictureOf = ({ shape, pixels }) =>
  tensor(shape, [...atob(pixels)].map((character) => character.charCodeAt(0) / 255));

everywhere("decoders", begin);
