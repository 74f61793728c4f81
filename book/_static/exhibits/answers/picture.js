// One picture to draw on, with the map of the network's answers over it.

import { answersOf, writable } from "../arithmetic/answers.js";
import { zeros } from "../arithmetic/arrays.js";
import { drawLine } from "../arithmetic/lines.js";
import { PEN } from "../arithmetic/prepare.js";
import { drawing, pointOf, sized } from "../canvas.js";
import { ARROWS, cellAfter, colours, isFinger, make, mark, onPress, write } from "../dom.js";

const LARGEST = 7; // pixels of the page for one of the picture
const LETTER = 20; // pixels of the page that a written answer needs

/**
 * @param {object} options
 * @param {string} options.title
 * @param {[number, number]} options.size height, width
 * @param {(image: import("../arithmetic/arrays.js").Tensor) => import("../arithmetic/arrays.js").Tensor} options.run
 *   from a picture to the probabilities at each place
 * @param {number} options.side of the window that one answer reads
 * @param {number} options.step from one window to the next
 * @param {(place: number, axis: 0 | 1) => [number, number]} options.field rows or columns that an answer reads
 * @param {string[]} options.palette a colour for each class
 * @param {() => boolean} options.draws whether pointer and arrow keys draw, not ask
 * @param {(words: string, aloud: boolean) => void} options.tell
 * @param {() => void} options.begin before a stroke
 * @param {(event: KeyboardEvent) => boolean} options.takeBack whether a key is one for that
 */
export function pictureView({ title, size, run, side, step, field, palette, draws, tell, begin, takeBack }) {
  const [height, width] = size;
  let image = zeros([height, width, 1]);
  let probabilities = run(image);
  let answers = answersOf(probabilities);
  /** The place that is asked about, down and across. @type {[number, number]} */
  let asked = [0, 0];
  /** Where the pen of the pointer is while it draws. @type {[number, number] | null} */
  let last = null;
  /** The pen of the keyboard. @type {[number, number] | null} */
  let pen = null;
  let inking = false;
  let cell = 1;
  let room = 0;

  const canvas = make("canvas", { tabindex: 0, role: "application", "aria-roledescription": "picture to draw on" });
  const caption = make("p");
  const root = make("div", { class: "answers-picture" }, caption, canvas);

  const place = (event) => pointOf(canvas, event).map((n) => n / cell);

  /** The answer whose cell is under a point, or the nearest. */
  function nearest([x, y]) {
    const at = (n, most) => Math.min(most - 1, Math.max(0, Math.floor((n - (side - step) / 2) / step)));
    return /** @type {[number, number]} */ ([at(y, answers.height), at(x, answers.width)]);
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0 || !draws()) return;
    event.preventDefault();
    canvas.focus();
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    [pen, inking] = [null, false];
    newStroke(last);
  });
  const asks = (/** @type {boolean} */ aloud) => (event) => {
    if (!draws() && !(event.button > 0)) ask(nearest(place(event)), aloud);
  };
  onPress(canvas, asks(true), asks(false));
  canvas.addEventListener("pointermove", (event) => {
    if (last) {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length ? events : [event]) {
        const next = place(one);
        drawLine(image, last, next, PEN);
        last = next;
      }
      read();
    } else if (!isFinger(event)) {
      ask(nearest(place(event)), false);
    }
  });
  for (const name of ["pointerup", "pointercancel"]) {
    canvas.addEventListener(name, () => {
      if (!last) return;
      asked = nearest(last);
      last = null;
      again();
      tell(words(), true);
    });
  }
  canvas.addEventListener("keydown", (event) => {
    const [down, right] = ARROWS[event.key] ?? [0, 0];
    if (draws() && event.key === " ") {
      pen ??= [width / 2, height / 2];
      inking = !inking;
      if (inking) newStroke(pen);
      else tell(words(), true);
    } else if (draws() && (down || right)) {
      const from = pen ?? [width / 2, height / 2];
      pen = [Math.min(width - 1, Math.max(1, from[0] + 2 * right)), Math.min(height - 1, Math.max(1, from[1] + 2 * down))];
      asked = nearest(pen);
      if (inking) stroke(from, pen);
      else tell(words(), true);
    } else if (draws()) {
      if (!takeBack(event)) return;
    } else {
      const cell = cellAfter(event, asked, [answers.height, answers.width]);
      if (!cell) return;
      ask(cell, true);
    }
    event.preventDefault();
    again();
  });
  canvas.addEventListener("blur", () => {
    [pen, inking] = [null, false];
    again();
  });

  /** Begin to draw, on a copy: the picture as it is may be had again. */
  function newStroke(where) {
    begin();
    image = { ...image, data: image.data.slice() };
    stroke(where, where);
  }

  function stroke(from, to) {
    drawLine(image, from, to, PEN);
    read();
  }

  function ask(where, aloud) {
    if (!aloud && where.every((n, axis) => n === asked[axis])) return;
    asked = where;
    again();
    tell(words(), aloud);
  }

  let waiting = false;
  let aloud = false; // whether the next answer is told to those who listen

  /** Show a picture in the place of what is there. @param {boolean} told whether its answer is told as well */
  function show(next, told) {
    image = next;
    last = null; // and a stroke ends
    inking = false;
    aloud = told;
    read();
  }

  /** Ask the network once a frame at most: a hand is faster than a screen. */
  function read() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      readNow();
    });
  }

  function readNow() {
    probabilities = run(image);
    answers = answersOf(probabilities);
    if (last) asked = nearest(last);
    again();
    tell(words(), aloud);
    aloud = false;
  }

  function words() {
    const [r, c] = asked;
    const n = r * answers.width + c;
    const { height: rows, width: columns } = answers;
    const where = rows * columns === 1 ? "The one answer" : `Answer at row ${r}, column ${c}, of ${rows}×${columns}`;
    const classes = probabilities.shape[2];
    const others = [...probabilities.data.slice(classes * n, classes * (n + 1))].map((p, digit) => ({ p, digit })).sort((a, b) => b.p - a.p);
    const percent = ({ p, digit }) => `${digit}, ${Math.round(100 * p)}\u00a0%`;
    const [tall, wide] = seen().map(([first, last]) => last - first + 1);
    return `${where}: ${percent(others[0])}; next ${percent(others[1])}. It is about the ${side}×${side} pixels in the frame, and ${tall}×${wide} ${tall > side || wide > side ? "(dashed) " : ""}can change it.`;
  }

  /** First and last row, then column, of the picture that can change the answer. */
  function seen() {
    return asked.map((n, axis) => {
      const [first, last] = field(n, axis);
      return [Math.max(0, first), Math.min(size[axis] - 1, last)];
    });
  }

  function draw() {
    room ||= root.clientWidth || width * 2;
    cell = Math.min(LARGEST, room / width);
    const paint = sized(canvas, width * cell, height * cell);
    const ink = colours(root, ["zero", "text", "line", "chosen"]);
    paint.fillStyle = ink.zero;
    paint.fillRect(0, 0, width * cell, height * cell);
    paint.fillStyle = ink.text;
    image.data.forEach((value, n) => {
      if (!value) return;
      paint.globalAlpha = value;
      paint.fillRect((n % width) * cell, Math.floor(n / width) * cell, cell + 0.3, cell + 0.3);
    });
    const edge = step * cell;
    const first = (side - step) / 2;
    paint.textAlign = "center";
    paint.textBaseline = "middle";
    const corner = (n) => [n % answers.width, Math.floor(n / answers.width)].map((k) => (first + k * step) * cell);
    paint.font = `600 ${Math.min(16, Math.max(11, edge * 0.6))}px system-ui, sans-serif`;
    answers.best.forEach((digit, n) => {
      paint.globalAlpha = 0.75 * answers.sure[n] ** 2;
      paint.fillStyle = palette[digit];
      const gap = edge > 10 ? 1 : 0;
      paint.fillRect(...corner(n).map((at) => at + gap / 2), edge - gap, edge - gap);
    });
    paint.globalAlpha = 1;
    paint.lineWidth = 3;
    paint.strokeStyle = ink.zero;
    paint.fillStyle = ink.text;
    for (const n of writable(answers, Math.ceil(LETTER / edge))) {
      const [x, y] = corner(n).map((at) => at + edge / 2);
      paint.strokeText(`${answers.best[n]}`, x, y + 0.5);
      paint.fillText(`${answers.best[n]}`, x, y + 0.5);
    }
    const [top, left] = asked.map((n) => n * step * cell);
    const [rowsSeen, columnsSeen] = seen().map(([from, to]) => [from * cell, (to - from + 1) * cell]);
    paint.setLineDash([5, 4]);
    frame(paint, [columnsSeen[0], rowsSeen[0]], [columnsSeen[1], rowsSeen[1]], ink.chosen, ink.zero);
    paint.setLineDash([]);
    frame(paint, [left, top], [side * cell, side * cell], ink.chosen, ink.zero);
    frame(paint, [left + first * cell, top + first * cell], [edge, edge], ink.chosen, ink.zero);
    if (pen) {
      paint.lineWidth = 3;
      paint.strokeStyle = ink.chosen;
      paint.beginPath();
      paint.arc(pen[0] * cell, pen[1] * cell, inking ? 4 : 8, 0, 2 * Math.PI);
      paint.stroke();
    }
    const { height: rows, width: columns } = answers;
    write(caption, `${height}×${width} pixels: ${rows}×${columns} ${rows * columns === 1 ? "answer" : "answers"}`);
    mark(canvas, "aria-label", `${title}, ${caption.textContent}. ${draws() ? "Arrow keys move the pen, the space bar puts it down and lifts it, Backspace takes back." : "Arrow keys, Home and End choose an answer."}`);
  }

  const again = drawing(root, draw, () => (room = 0));
  return { root, show, draw: again, size, image: () => image };
}

/** A frame in two lines, so that it is seen on any ground. */
function frame(paint, [x, y], [width, height], style, ground) {
  paint.strokeStyle = ground;
  paint.lineWidth = 4;
  paint.strokeRect(x + 1.5, y + 1.5, width - 3, height - 3);
  paint.strokeStyle = style;
  paint.lineWidth = 2;
  paint.strokeRect(x + 1.5, y + 1.5, width - 3, height - 3);
}
