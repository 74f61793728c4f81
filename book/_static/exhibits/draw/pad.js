// The drawing pad: strokes by pointer, finger or keyboard.

import { make } from "../dom.js";
import { undoing } from "../undo.js";

/** @typedef {import("../arithmetic/prepare.js").Stroke} Stroke */
/** @typedef {import("../arithmetic/arrays.js").Tensor} Picture */
/** What lies on the pad: a picture in place of strokes, or these. @typedef {{laid: Picture | null, strokes: Stroke[]}} Lying */

const SIDE = 280;
const STEP = 14;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/**
 * @param {(lying: Lying, finished: boolean) => void} changed
 * @param {(words: string) => void} say for screen readers
 * @param {Picture | null} first what lies there to begin with
 */
export function pad(changed, say, first) {
  /** @type {Stroke[]} */
  let strokes = [];
  /** @type {Picture | null} */
  let laid = first;
  let down = false;
  /** The pen of the keyboard; null until a key is pressed. @type {[number, number] | null} */
  let pen = null;
  let inking = false;

  const canvas = make("canvas", {
    class: "draw-pad",
    tabindex: 0,
    role: "application",
    "aria-label":
      "Drawing pad. Draw with mouse or finger; or move the pen by arrow keys, put it down and lift it by the space bar, take back by Backspace.",
  });
  const undo = undoing((before) => {
    down = inking = false;
    lay(before);
    changed(before, true);
  });
  const clear = make("button", {
    type: "button",
    text: "Clear",
    onclick: () => {
      if (!laid && !strokes.length) return;
      undo.keep({ laid, strokes });
      lay({ laid: null, strokes: [] });
      changed({ laid, strokes }, true);
    },
  });
  const root = make("div", { class: "draw-pad-part" }, canvas, make("div", { class: "draw-buttons" }, undo.button, clear));

  /** @param {PointerEvent} event @returns {[number, number]} */
  function place(event) {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * SIDE, ((event.clientY - box.top) / box.height) * SIDE];
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    event.preventDefault();
    canvas.focus();
    canvas.setPointerCapture(event.pointerId);
    down = true;
    pen = null;
    inking = false;
    begin(place(event));
    show();
    changed({ laid, strokes }, false);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!down) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const one of events.length ? events : [event]) strokes[strokes.length - 1].push(place(one));
    show();
    changed({ laid, strokes }, false);
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (!down) return;
      down = false;
      changed({ laid, strokes }, true);
    });
  }
  canvas.addEventListener("keydown", (event) => {
    const step = ARROWS[event.key];
    if (step) {
      pen = (pen ?? [SIDE / 2, SIDE / 2]).map((n, axis) => Math.min(SIDE - 10, Math.max(10, n + step[axis] * STEP)));
      if (inking) strokes[strokes.length - 1].push([...pen]);
    } else if (event.key === " ") {
      pen ??= [SIDE / 2, SIDE / 2];
      inking = !inking;
      if (inking) begin([...pen]);
      say(inking ? "Pen down." : "Pen lifted.");
    } else {
      if (undo.byKey(event)) event.preventDefault();
      return;
    }
    event.preventDefault();
    show();
    if (!step || inking) changed({ laid, strokes }, !inking); // a pen in the air draws nothing
  });
  canvas.addEventListener("blur", () => {
    inking = false;
    pen = null;
    show();
  });

  /** Begin a stroke. @param {[number, number]} where */
  function begin(where) {
    undo.keep({ laid, strokes });
    [laid, strokes] = [null, [...strokes, [where]]];
  }

  /** @param {Lying} lying */
  function lay(lying) {
    ({ laid, strokes } = lying);
    show();
  }

  /** Show a picture in place of what lies there, until something is drawn. @param {Picture} picture */
  function choose(picture) {
    if (picture === laid) return;
    undo.keep({ laid, strokes });
    lay({ laid: picture, strokes: [] });
  }

  function show() {
    const scale = Math.min(devicePixelRatio || 1, 3);
    canvas.width = canvas.height = SIDE * scale;
    const style = getComputedStyle(canvas);
    const paint = canvas.getContext("2d");
    paint.scale(scale, scale);
    paint.lineWidth = 22;
    paint.lineCap = paint.lineJoin = "round";
    paint.strokeStyle = style.getPropertyValue("--exhibit-text");
    if (laid) paintPicture(paint, laid, style.getPropertyValue("--exhibit-text"));
    for (const stroke of strokes) {
      paint.beginPath();
      paint.moveTo(...stroke[0]);
      stroke.forEach((point) => paint.lineTo(...point));
      if (stroke.length === 1) paint.lineTo(stroke[0][0] + 0.01, stroke[0][1]);
      paint.stroke();
    }
    if (pen) {
      paint.lineWidth = 3;
      paint.strokeStyle = style.getPropertyValue("--course-chosen");
      paint.beginPath();
      paint.arc(...pen, inking ? 6 : 11, 0, 2 * Math.PI);
      paint.stroke();
    }
  }

  return { root, choose, show };
}

/** @param {CanvasRenderingContext2D} paint @param {Picture} picture @param {string} ink */
function paintPicture(paint, { shape: [height, width], data }, ink) {
  const [down, across] = [SIDE / height, SIDE / width];
  paint.fillStyle = ink;
  data.forEach((value, n) => {
    paint.globalAlpha = value;
    paint.fillRect((n % width) * across, Math.floor(n / width) * down, across + 0.5, down + 0.5);
  });
  paint.globalAlpha = 1;
}
