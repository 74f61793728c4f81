// Draw a digit: a pad, some real digits, and the networks that read them.

import { tensor } from "../arithmetic/arrays.js";
import { prepare, SIDE } from "../arithmetic/prepare.js";
import { everywhere, make, onTheme, takeTheStage } from "../dom.js";
import { drawMap } from "../map.js";
import { networkView } from "./network.js";
import { pad } from "./pad.js";

/**
 * @typedef {object} Sample
 * @property {number} label
 * @property {string} pixels 28×28 bytes in base64
 * @property {string} note which network gets it
 */

/** @param {Sample} sample */
const imageOf = (sample) =>
  tensor([SIDE, SIDE, 1], Float64Array.from(atob(sample.pixels), (character) => character.charCodeAt(0) / 255));

/** @param {HTMLElement} root */
export function drawADigit(root) {
  const holder = document.getElementById("draw-data");
  if (!holder) return;
  /**
   * @type {{
   *   networks: import("../arithmetic/network.js").Network[], samples: Sample[], source: string
   * }}
   */
  const data = JSON.parse(holder.textContent);
  // In brief, as on the first page: begun with a digit, and with the maps in view.
  const brief = "brief" in root.dataset;
  const views = data.networks.map((network) => networkView(network, brief));
  /** @type {import("../arithmetic/arrays.js").Tensor | null} */
  let image = null;
  let waiting = false;

  const live = make("p", { class: "exhibit-spoken", role: "status", "aria-live": "polite" });
  const empty = make("p", { class: "draw-empty", role: "status" });
  const seen = make("canvas", { role: "img", "aria-label": "The digit as the networks see it, 28 by 28 pixels" });
  const images = data.samples.map(imageOf);
  const board = pad(({ laid, strokes }, finished) => {
    look(laid ?? prepare(strokes));
    soon(finished);
  }, (words) => (live.textContent = words), brief ? images[0] : null);

  const samples = make("div", { class: "draw-samples", role: "group", "aria-label": "Real digits" });
  for (const [i, sample] of data.samples.entries()) {
    const canvas = make("canvas", { "aria-hidden": true });
    const button = make("button", { type: "button", "aria-pressed": "false", "aria-label": `A real ${sample.label}: ${sample.note}`, title: sample.note }, canvas);
    button.addEventListener("click", () => {
      choose(i);
      soon(true);
    });
    samples.append(button);
  }

  /** Put a real digit onto the pad. @param {number} i */
  function choose(i) {
    board.choose(images[i]);
    look(images[i]);
  }

  /** Give the networks a picture to look at. @param {import("../arithmetic/arrays.js").Tensor | null} picture */
  function look(picture) {
    image = picture;
    [...samples.children].forEach((button, n) => button.setAttribute("aria-pressed", String(images[n] === picture)));
  }

  const real = make("div", { class: "draw-real" }, make("h3", { text: "Or try a real one" }), samples);
  if (!brief) real.append(make("p", { text: data.source }));
  takeTheStage(root);
  root.append(
    make(
      "div",
      { class: "draw-top" },
      board.root,
      make("div", { class: "draw-answers" }, ...views.map((view) => view.badge)),
      make("div", { class: "draw-seen" }, make("h3", { text: "What they see" }), seen, empty),
    ),
    ...(brief ? [] : [real]),
    make("div", { class: "draw-networks" }, ...views.map((view) => view.root)),
    ...(brief ? [real] : views.map((view) => view.details)),
    live,
  );

  /** Classify at the next frame: a hand is faster than a screen. @param {boolean} finished */
  function soon(finished) {
    if (finished) return classify(true);
    if (waiting) return undefined;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      classify(false);
    });
    return undefined;
  }

  /** @param {boolean} aloud */
  function classify(aloud) {
    empty.textContent = image ? "" : "Nothing is drawn yet, so there is nothing to classify.";
    show();
    const answers = views.map((view) => [view.title, view.classify(image)]);
    if (!aloud) return;
    live.textContent = image
      ? answers.map(([title, p]) => `${title}: ${p.indexOf(Math.max(...p))}, ${Math.round(100 * Math.max(...p))} percent.`).join(" ")
      : "";
  }

  function show() {
    const blank = { shape: [SIDE, SIDE, 1], data: new Float64Array(SIDE * SIDE) };
    drawMap(seen, { array: image ?? blank, channel: 0, most: 1, cell: 6 });
    [...samples.children].forEach((button, i) =>
      drawMap(button.firstElementChild, { array: images[i], channel: 0, most: 1, cell: 2 }),
    );
  }

  board.show(); // its colours are those of the page
  if (brief) look(images[0]);
  classify(false);
  onTheme(() => {
    board.show();
    show();
    views.forEach((view) => view.redraw());
  });
}

everywhere("draw", drawADigit);
