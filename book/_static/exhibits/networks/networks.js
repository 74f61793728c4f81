// Whole networks as blocks whose area is what they cost.

import { strips } from "../arithmetic/strips.js";
import { count, everywhere, isFinger, make, takeTheStage } from "../dom.js";
import { dataOf, spoken } from "../live.js";

const TALLEST = 0.5; // height of the most expensive network, as a share of the width
const NARROW = 480; // below this width it is taller
const TALLER = 0.8; // there; both networks then stand on a phone's screen
const [LETTER, EDGE, LINE] = [7.4, 16, 20]; // pixels that a name takes
const KINDS = { dense: "dense, spatial", pointwise: "1×1", depthwise: "depthwise", other: "last layer" };

/**
 * @typedef {object} Block
 * @property {string} name
 * @property {string} part of the network
 * @property {string} input its shape
 * @property {string} output
 * @property {number} parameters
 * @property {number} macs
 * @property {Record<string, number>} kinds MACs by kind of step
 */

/** @param {HTMLElement} root */
function show(root) {
  /** @type {{networks: {name: string, blocks: Block[]}[]}} */
  const { networks } = dataOf(root);
  const totals = networks.map(({ blocks }) => blocks.reduce((sum, { macs }) => sum + macs, 0));
  const say = spoken();
  say.classList.add("networks-say");
  const maps = networks.map((network, n) => map(network, totals[n]));

  function map({ name, blocks }, total) {
    const buttons = blocks.map((block, n) => {
      const kinds = Object.entries(block.kinds).filter(([, macs]) => macs > 0);
      const words = describe(name, block, total);
      const button = make(
        "button",
        { type: "button", class: "networks-block", "aria-label": words, tabindex: n ? -1 : 0 },
        ...kinds.map(([kind, macs]) => make("span", { class: `networks-${kind}`, style: `flex-grow:${macs}`, "aria-hidden": "true" })),
        make("b", { text: block.name, "aria-hidden": "true" }),
      );
      const look = () => {
        root.querySelectorAll(".networks-looked").forEach((one) => one.classList.remove("networks-looked"));
        button.classList.add("networks-looked");
        say.textContent = words;
      };
      button.addEventListener("pointerenter", (event) => isFinger(event) || look());
      button.addEventListener("focus", look);
      button.addEventListener("click", look);
      return button;
    });
    const box = make("div", { class: "networks-map", role: "group", "aria-label": `${name}, block by block` }, ...buttons);
    box.addEventListener("keydown", (event) => {
      const from = buttons.indexOf(document.activeElement);
      const last = buttons.length - 1;
      const next = { ArrowLeft: from - 1, ArrowUp: from - 1, ArrowRight: from + 1, ArrowDown: from + 1, Home: 0, End: last }[event.key];
      if (next === undefined || from < 0) return;
      event.preventDefault();
      const to = Math.min(Math.max(next, 0), last);
      buttons.forEach((button, n) => button.setAttribute("tabindex", n === to ? "0" : "-1"));
      buttons[to].focus();
    });
    const parameters = blocks.reduce((sum, block) => sum + block.parameters, 0);
    const title = make("h3", { text: `${name}: ${count(Math.round(total / 1e6))} million MACs, ${count(parameters)} parameters` });
    return { root: make("section", { class: "networks-network" }, title, box), box, buttons, blocks };
  }

  /** Lay the blocks out for the width that there is; equal areas are equal costs in all networks. */
  function arrange() {
    const width = maps[0].box.clientWidth;
    if (!width) return;
    const tallest = width * (width < NARROW ? TALLER : TALLEST);
    maps.forEach(({ box, buttons, blocks }, n) => {
      const height = (tallest * totals[n]) / Math.max(...totals);
      box.style.height = `${height}px`;
      const places = strips(blocks.map(({ macs }) => macs), width, height);
      buttons.forEach((button, i) => {
        const { x, y, width: wide, height: tall } = places[i];
        Object.assign(button.style, { left: `${x}px`, top: `${y}px`, width: `${wide}px`, height: `${tall}px` });
        // The whole name, else its number, else none.
        const name = [blocks[i].name, /\d*$/.exec(blocks[i].name)[0]].find((words) => wide >= LETTER * words.length + EDGE);
        button.lastElementChild.textContent = name;
        button.classList.toggle("networks-small", !name || tall < LINE);
      });
    });
  }

  const key = make(
    "p",
    { class: "live-key" },
    ...Object.entries(KINDS)
      .filter(([kind]) => networks.some(({ blocks }, n) => blocks.reduce((sum, { kinds }) => sum + kinds[kind], 0) > totals[n] / 500))
      .map(([kind, words]) => make("span", {}, make("i", { class: `networks-${kind}`, "aria-hidden": "true" }), words)),
  );
  takeTheStage(root);
  root.append(key, ...maps.map((one) => one.root), say);
  say.textContent = "Point at a block, or tap it.";
  new ResizeObserver(arrange).observe(root);
  arrange();
}

/** @param {string} network @param {Block} block @param {number} total */
function describe(network, block, total) {
  const parts = Object.entries(block.kinds)
    .filter(([, macs]) => macs > 0)
    .map(([kind, macs]) => `${KINDS[kind]} ${percent(macs / block.macs)}`);
  const millions = block.macs / 1e6;
  return (
    `${network}, ${block.part}, ${block.name}: ${block.input} to ${block.output}; ${count(block.parameters)} parameters, ` +
    `${millions < 10 ? millions.toFixed(1) : count(Math.round(millions))} million MACs, ${percent(block.macs / total)} of the network; ${parts.join(", ")}.`
  );
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

everywhere("networks", show);
