// What two networks see of a digit, layer by layer, and the weights that make each map.

import { tensor } from "../arithmetic/arrays.js";
import { drawing } from "../canvas.js";
import { everywhere, make, takeTheStage } from "../dom.js";
import { choice, dataOf, spoken } from "../live.js";
import { drawMap } from "../map.js";
import { networkView } from "./view.js";

const SIDE = 28;

/** @param {HTMLElement} root */
function show(root) {
  /**
   * @type {{
   *   networks: import("../arithmetic/network.js").Network[], at: number, map: number,
   *   digits: {label: number, pixels: string}[],
   * }}
   */
  const data = dataOf(root);
  const images = data.digits.map(({ pixels }) =>
    tensor([SIDE, SIDE, 1], [...atob(pixels)].map((character) => character.charCodeAt(0) / 255)),
  );
  const chosen = { layer: 0, map: data.map, last: { 0: data.map } };
  let oneScale = false;
  const hold = {};
  const views = data.networks.map((network) => networkView(network, chosen, choose, hold));
  const say = spoken();
  say.classList.add("depth-say");

  const buttons = data.digits.map(({ label }, n) =>
    make("button", { type: "button", "aria-pressed": false, "aria-label": `A ${label}`, onclick: () => look(n) }, make("canvas", { "aria-hidden": true })),
  );
  const digits = make("div", { class: "depth-digits", role: "group", "aria-label": "Digit that both networks read" }, ...buttons);
  const both = make("div", { class: "depth-both" }, ...views.map((view) => view.root));

  const scale = choice("Colour scale", [["map", "each map"], ["layer", "whole layer"]], "map", (value) => {
    oneScale = value === "layer";
    again();
  });

  function look(n) {
    buttons.forEach((button, k) => button.setAttribute("aria-pressed", String(k === n)));
    views.forEach((view) => view.read(images[n]));
    again();
    tell();
  }

  /** The same place in both networks. */
  function choose(layer, map) {
    if (chosen.layer === layer && chosen.map === map) return;
    Object.assign(chosen, { layer, map });
    chosen.last[layer] = map;
    again();
    tell();
  }

  function tell() {
    const { maps } = views[0].layers[chosen.layer];
    say.textContent = [`Layer ${chosen.layer + 1}, map ${chosen.map + 1} of ${maps}.`, ...views.map((view) => view.words(chosen.layer, chosen.map))].join(" ");
  }

  function draw() {
    buttons.forEach((button, n) => drawMap(button.firstElementChild, { array: images[n], channel: 0, most: 1, cell: 2 }));
    views.forEach((view) => view.draw(oneScale));
  }

  takeTheStage(root);
  root.append(make("div", { class: "live-top" }, digits, scale), both, say);
  const again = drawing(both, draw, () => {});
  look(data.at);
  draw();
}

everywhere("depth", show);
