// One network on pictures of two sizes, with its map of answers over each.

import { fieldOf, lay, stepOf } from "../arithmetic/answers.js";
import { tensor, zeros } from "../arithmetic/arrays.js";
import { runner } from "../arithmetic/network.js";
import { everywhere, make, takeTheStage, write } from "../dom.js";
import { choice, dataOf } from "../live.js";
import { undoing } from "../undo.js";
import { pictureView } from "./picture.js";

/** @param {HTMLElement} root */
function begin(root) {
  /**
   * @type {{
   *   network: import("../arithmetic/network.js").Network, side: number, sizes: [number, number][],
   *   palette: string[], digits: string[],
   *   scenes: {digits: number[], corners: [number, number][]}[][],
   * }} scenes: prepared ones, with digits and where they lie, of each an entry for every size
   */
  const data = dataOf(root);
  const run = runner(data.network);
  const digits = data.digits.map((pixels) =>
    tensor([data.side, data.side, 1], Float64Array.from(atob(pixels), (character) => character.charCodeAt(0) / 255)),
  );
  // A finger that scrolls the page over the picture would draw on it.
  let drawing = !matchMedia("(pointer: coarse)").matches;
  const say = make("p", { class: "exhibit-spoken", role: "status", "aria-live": "polite" });
  const told = make("p", { class: "answers-told", "aria-hidden": true });
  const tell = (words, aloud) => {
    write(told, words);
    if (aloud) say.textContent = words;
  };
  const pictures = data.sizes.map((size, n) =>
    pictureView({
      title: n ? "A larger picture" : "The size that it was trained on",
      size,
      run: (image) => run(image).at(-1),
      side: data.side,
      step: stepOf(data.network),
      field: (place, axis) => fieldOf(data.network, place, axis),
      palette: data.palette,
      draws: () => drawing,
      tell,
      begin: keep,
      takeBack: (event) => undo.byKey(event),
    }),
  );
  let shown = -1;
  const undo = undoing((before) => {
    shown = before.shown;
    pictures.forEach((picture, n) => picture.show(before.images[n], true));
  });
  function keep() {
    undo.keep({ shown, images: pictures.map((picture) => picture.image()) });
  }

  /** @param {boolean} aloud */
  function next(aloud) {
    if (aloud) keep();
    shown = (shown + 1) % data.scenes.length;
    pictures.forEach((picture, n) => {
      const image = empty(picture);
      const scene = data.scenes[shown][n];
      scene.digits.forEach((digit, k) => lay(image, digits[digit], scene.corners[k]));
      picture.show(image, aloud);
    });
  }

  function clear() {
    if (!pictures.some((picture) => picture.image().data.some(Boolean))) return;
    keep();
    pictures.forEach((picture) => picture.show(empty(picture), true));
  }

  const empty = ({ size: [height, width] }) => zeros([height, width, 1]);
  const mode = choice("Pointer and arrow keys", [["draw", "draw"], ["ask", "ask"]], drawing ? "draw" : "ask", (value) => {
    drawing = value === "draw";
    root.classList.toggle("answers-asks", !drawing);
    pictures.forEach((picture) => picture.draw());
  });
  const buttons = make(
    "div",
    { class: "answers-buttons" },
    make("button", { type: "button", text: "Other digits", onclick: () => next(true) }),
    undo.button,
    make("button", { type: "button", text: "Clear", onclick: clear }),
  );

  takeTheStage(root);
  root.classList.toggle("answers-asks", !drawing);
  root.append(make("div", { class: "live-top" }, buttons, mode), make("div", { class: "answers-pictures" }, ...pictures.map(({ root: one }) => one)), told, say);
  next(false);
}

everywhere("answers", begin);
