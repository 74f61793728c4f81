// What figures that draw on a canvas need: its size, one drawing a frame, paper.

import { nextFrame, onTheme } from "./dom.js";

const PAPER = 3; // dots for a pixel
let printing = false;

/** Give a canvas its size in pixels of the page. @returns {CanvasRenderingContext2D} */
export function sized(canvas, width, height) {
  const scale = printing ? PAPER : Math.min(devicePixelRatio || 1, 3);
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.aspectRatio = `${width} / ${height}`;
  }
  const paint = canvas.getContext("2d");
  paint.setTransform(scale, 0, 0, scale, 0, 0);
  paint.clearRect(0, 0, width, height);
  return paint;
}

/** Lay a path of closed lines, each through points. */
export function trace(paint, ...lines) {
  paint.beginPath();
  for (const points of lines) {
    points.forEach(([x, y], n) => (n ? paint.lineTo(x, y) : paint.moveTo(x, y)));
    paint.closePath();
  }
}

/** The point of the canvas under a pointer, in the pixels of `sized`. */
export function pointOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  const shrunk = box.width / (parseFloat(canvas.style.width) || box.width);
  return [(event.clientX - box.left) / shrunk, (event.clientY - box.top) / shrunk];
}

/**
 * Draw at most once a frame; at once where the theme changes, the element's width or the medium.
 * @param {Element} element
 * @param {() => void} draw
 * @param {() => void} renewed colours or width may be others
 * @returns {() => void} asks for a drawing
 */
export function drawing(element, draw, renewed) {
  const again = () => {
    renewed();
    draw();
  };
  const print = (now) => () => {
    printing = now;
    again();
  };
  onTheme(again);
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth === width) return;
    width = element.clientWidth;
    again();
  }).observe(element);
  return nextFrame(draw);
}
