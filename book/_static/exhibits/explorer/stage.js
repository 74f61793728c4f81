// One stage on the page: input, kernel, output, and the sum behind the cell that is looked at.

import { cellAfter, isFinger, make, mark, number, onPointer, onPress, write } from "../dom.js";
import { cellAt, drawMap, strongest } from "../map.js";
import { cellsThatUse, channelsRead, termsOf } from "./compute.js";

/** @typedef {import("./compute.js").Stage} Stage */

const SPELLED_AT_MOST = 27;
const [WIDEST, LOW, GAP] = [264, 84, 12]; // pixels of a map, and between two

/** A weight as its field has it. @param {number} weight */
const typed = (weight) => String(Math.round(weight * 1e4) / 1e4);

/**
 * @typedef {object} Listeners
 * @property {(cell: [number, number, number]) => void} look at an output cell (row, column,
 *   channel)
 * @property {(place: string, value: number) => void} edit a value: "x.2.3.0" or "k.1.1.0.0"
 */

/**
 * @param {number} index of the stage
 * @param {Listeners} listeners
 */
export function stageView(index, listeners) {
  /** @type {Stage} */
  let stage;
  let looked = [0, 0, 0];
  let channelIn = 0;
  let held = [0, 0]; // input cell that can be edited
  let picked = false; // whether the reader has chosen that cell
  /** @type {[number, number][] | null} */
  let used = null;
  let hovered = null; // the input cell under the mouse
  let drawings = {};
  /** @type {Stage | null} whose channels stand as small pictures */
  let pictured = null;
  let beside = 1; // how many stages are shown
  let narrow = false;
  let room = 0; // width of the board; asked for once, as the page may have to be laid out for it

  const input = mapPart("Input", (cell) => {
    held = cell;
    picked = true;
    show();
  });
  const output = mapPart("Output", (cell) => listeners.look([...cell, looked[2]]));
  const value = make("input", { type: "number", step: "any", oninput: () => editInput(), onblur: () => show() });
  const valueLabel = make("span");
  const editor = make("label", { class: "explorer-edit" }, valueLabel, value);
  const usedBy = make("p", { class: "explorer-note explorer-uses" });
  editor.hidden = index > 0;

  const kernelTable = make("table", { class: "explorer-kernel" });
  const kernelNote = make("p", { class: "explorer-note" });
  const kernelBox = make("div", { class: "explorer-scroll", tabindex: 0, role: "group", "aria-label": "Kernel values" }, kernelTable);
  const kernelPart = make(
    "div",
    { class: "explorer-part" },
    make("h4", { text: "Kernel" }),
    kernelBox,
    kernelNote,
  );
  const whose = make("p");
  const products = make("p", { class: "explorer-products" });
  const sum = make("div", { class: "explorer-sum" }, whose, products);
  const heading = make("h3");
  const maps = make("div", { class: "explorer-maps" }, input.holder, kernelPart, output.holder);
  const root = make("section", { class: "explorer-stage" }, heading, maps);
  const below = make("div", { class: "explorer-below" }, sum, usedBy, editor);

  input.canvas.addEventListener("pointermove", (event) => isFinger(event) || hoverInput(cellAt(input.canvas, event, drawings.x)));
  input.canvas.addEventListener("pointerleave", () => hoverInput(null));

  /** A canvas with a name, arrow keys and a row of channels to choose from. */
  function mapPart(name, choose) {
    const canvas = make("canvas", { tabindex: 0, role: "application", "aria-roledescription": "map of numbers" });
    const channels = make("div", { class: "explorer-channels", role: "group" });
    const title = make("h4", { text: name });
    const holder = make("div", { class: "explorer-part" }, title, canvas, channels);
    const part = { canvas, channels, holder, title, name, signature: "" };
    const pick = (event) => {
      const cell = cellAt(canvas, event, part === input ? drawings.x : drawings.y);
      const same = part === output && cell?.every((n, axis) => n === looked[axis]);
      if (cell && !(same && event.type === "pointermove")) choose(cell);
      return cell?.join(" ");
    };
    if (name === "Output") onPointer(canvas, pick);
    else onPress(canvas, pick);
    canvas.addEventListener("keydown", (event) => {
      const [[row, column], [rows, columns]] = name === "Input" ? [held, stage.x.shape] : [looked, stage.y.shape];
      const cell = cellAfter(event, [row, column], [rows, columns]);
      if (!cell) return;
      event.preventDefault();
      choose(cell);
    });
    return part;
  }

  function editInput() {
    const given = Number(value.value);
    if (value.value === "" || !Number.isFinite(given) || Math.abs(given) > 9999) return;
    listeners.edit(`x.${held[0]}.${held[1]}.${channelIn}`, given);
  }

  function hoverInput(cell) {
    if (cell?.join() === hovered?.join() && Boolean(cell) === Boolean(used)) return;
    hovered = cell;
    const next = cell ? cellsThatUse(stage, cell[0], cell[1]) : null;
    used = next;
    show();
    if (!cell) return;
    const many = next.length === 1 ? "one output cell" : `${next.length} output cells`;
    usedBy.textContent = `Row ${cell[0]}, column ${cell[1]} takes part in ${many} of each channel that reads it.`;
  }

  /** Put the kernel between the maps, or below them on a phone. @param {boolean} onPhone */
  function arrange(onPhone) {
    narrow = onPhone;
    if (narrow) below.prepend(kernelPart);
    else maps.insertBefore(kernelPart, output.holder);
    redraw();
  }

  /**
   * @param {Stage} next
   * @param {[number, number, number]} cell
   * @param {number} count of stages that are shown
   */
  function update(next, cell, count) {
    beside = count;
    stage = next;
    looked = cell;
    used = null;
    const [first, end] = channelsRead(stage, cell[2]);
    if (channelIn < first || channelIn >= end) channelIn = first;
    held = [Math.min(held[0], stage.x.shape[0] - 1), Math.min(held[1], stage.x.shape[1] - 1)];
    write(heading, stage.name[0].toUpperCase() + stage.name.slice(1));
    heading.hidden = count === 1;
    if (stage !== pictured) pictures();
    show();
  }

  function pictures() {
    pictured = stage;
    thumbnails(input, stage.x, () => channelIn, (k) => {
      channelIn = k;
      show();
    });
    thumbnails(output, stage.y, () => looked[2], (f) => listeners.look([looked[0], looked[1], f]));
  }

  /** Small pictures of all channels, to choose one. */
  function thumbnails(part, array, chosen, choose) {
    const [height, width, channels] = array.shape;
    part.channels.hidden = channels === 1;
    const signature = `${channels}`;
    if (part.signature !== signature) {
      part.signature = signature;
      part.channels.setAttribute("aria-label", `${part.name}: channel`);
      part.channels.replaceChildren(
        ...Array.from({ length: channels > 1 ? channels : 0 }, (_, k) =>
          make("button", { type: "button", "aria-label": `channel ${k}`, onclick: () => part.choose(k) }, make("canvas", { "aria-hidden": true })),
        ),
      );
    }
    part.choose = choose;
    const most = strongest(array);
    const cell = Math.max(1, Math.floor(34 / Math.max(height, width)));
    [...part.channels.children].forEach((button, k) => {
      mark(button, "aria-pressed", k === chosen());
      drawMap(button.firstElementChild, { array, channel: k, most, cell });
    });
  }

  function show() {
    const { x, y, axes } = stage;
    const [r, c, f] = looked;
    const terms = termsOf(stage, looked);
    const here = terms.filter((term) => term.channel === channelIn);
    const pad = stage.transposed ? [0, 0, 0, 0] : [axes[0].before, axes[0].after, axes[1].before, axes[1].after];
    drawings.x = {
      array: x, channel: channelIn, pad, chosen: index || !picked ? null : held, cell: fit(x, pad),
      marked: used ? [] : here.map((term) => [term.row, term.column]),
    };
    drawings.y = { array: y, channel: f, marked: used ?? [], as: "output", chosen: used ? null : [r, c], cell: fit(y) };
    drawMap(input.canvas, drawings.x);
    drawMap(output.canvas, drawings.y);
    title(input, x, channelIn);
    title(output, y, f);
    [...input.channels.children].forEach((b, k) => mark(b, "aria-pressed", k === channelIn));
    [...output.channels.children].forEach((b, k) => mark(b, "aria-pressed", k === f));
    write(valueLabel, `To change: input at row ${held[0]}, column ${held[1]}`);
    if (document.activeElement !== value) {
      value.value = String(x.data[(held[0] * x.shape[1] + held[1]) * x.shape[2] + channelIn]);
    }
    if (!used) write(usedBy, "");
    kernel(here);
    spell(terms);
  }

  function title(part, array, channel) {
    const shape = array.shape.join("×");
    const one = array.shape[2] > 1 ? `, channel ${channel}` : "";
    write(part.title, `${part.name} ${shape}${one}`);
    mark(part.canvas, "aria-label", `${part.name}, ${shape}${one}. Arrow keys, Home and End choose a cell.`);
  }

  /** The slice of the kernel that the chosen filter lays on the chosen channel. */
  function kernel(here) {
    const [kh, kw, share, filters] = stage.kernel.shape;
    const [first, end] = channelsRead(stage, looked[2]);
    const seen = channelIn >= first && channelIn < end;
    const on = filters * share > 1 ? `Filter ${looked[2]}, on channel ${channelIn}` : "";
    write(kernelNote, seen ? on : `Filter ${looked[2]} does not read channel ${channelIn}.`);
    kernelTable.hidden = !seen;
    if (!seen) return;
    const signature = `${kh}×${kw}`;
    if (kernelTable.dataset.signature !== signature) {
      kernelTable.dataset.signature = signature;
      const rows = Array.from({ length: kh }, (_, i) =>
        make("tr", {}, ...Array.from({ length: kw }, (_, j) => make("td", {}, weightField(i, j)))),
      );
      kernelTable.replaceChildren(make("tbody", {}, ...rows));
    }
    const longest = Math.max(...stage.kernel.data.map((weight) => typed(weight).length));
    kernelTable.style.setProperty("--digits", String(longest));
    const active = new Set(here.map((term) => `${term.i}.${term.j}`));
    for (const field of kernelTable.querySelectorAll("input")) {
      const [i, j] = field.dataset.place.split(".").map(Number);
      const at = ((i * kw + j) * share + channelIn - first) * filters + looked[2];
      const weight = stage.kernel.data[at];
      field.classList.toggle("explorer-used", active.has(field.dataset.place));
      if (document.activeElement !== field && field.value !== typed(weight)) field.value = typed(weight);
    }
  }

  function weightField(i, j) {
    const field = make("input", { type: "number", step: "any", "data-place": `${i}.${j}`, "aria-label": `kernel, row ${i}, column ${j}` });
    field.addEventListener("input", () => {
      const given = Number(field.value);
      if (field.value === "" || !Number.isFinite(given) || Math.abs(given) > 9999) return;
      const [first] = channelsRead(stage, looked[2]);
      listeners.edit(`k${index}.${i}.${j}.${channelIn - first}.${looked[2]}`, given);
    });
    field.addEventListener("blur", show); // what was no number goes
    return field;
  }

  /** The sum, written out. */
  function spell(terms) {
    const [r, c, f] = looked;
    const result = terms.reduce((total, term) => total + term.value * term.weight, 0);
    const one = stage.y.shape[2] > 1 ? `, channel ${f}` : "";
    const shown = terms.slice(0, SPELLED_AT_MOST);
    const factor = (n) => (n < 0 ? `(${number(n)})` : number(n));
    const factors = shown.map((term) => `${factor(term.value)} · ${factor(term.weight)}`);
    const more = terms.length - shown.length;
    const spelled = factors.join(" + ") + (more ? ` + … (${more} more)` : "");
    const many = terms.length === 1 ? "one product" : `${terms.length} products`;
    write(whose, `Row ${r}, column ${c}${one}: ${many}, input · kernel`);
    write(products, terms.length ? `${spelled} = ${number(result)}` : "no input cell reaches this one: 0");
  }

  /** What a screen reader is told. */
  function spoken() {
    const [r, c, f] = looked;
    const terms = termsOf(stage, looked);
    const result = terms.reduce((total, term) => total + term.value * term.weight, 0);
    return `${stage.name}: row ${r}, column ${c}, channel ${f}: ${terms.length} products add up to ${number(result)}.`;
  }

  /** The largest cell with which a map fits its column. */
  function fit(array, pad = [0, 0, 0, 0]) {
    const columns = array.shape[1] + pad[2] + pad[3];
    const rows = array.shape[0] + pad[0] + pad[1];
    room ||= root.parentElement?.clientWidth || 0;
    const own = room || 320;
    const width = (narrow ? Math.min(WIDEST, (own - GAP) / 2) : Math.min(WIDEST, own)) - 2;
    const height = narrow && beside > 1 ? LOW : width;
    return Math.max(2, Math.min(28, Math.floor(Math.min(width / columns, height / rows))));
  }

  /** Choose no input cell any more. */
  function forget() {
    held = [0, 0];
    picked = false;
  }

  function redraw() {
    room = 0;
    if (!stage) return;
    pictures();
    show();
  }

  return { root, below, arrange, update, spoken, forget, redraw };
}
