// Drawings of the figures: SVG, which follows the theme by its style and prints sharply.

const SPACE = "http://www.w3.org/2000/svg";

/**
 * Make an SVG element.
 * @param {string} tag
 * @param {Record<string, unknown>} attributes "text" for text, "on…" for listeners; false and null
 *   for absent
 * @param {...Node} children
 * @returns {any}
 */
export function shape(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = String(value);
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value !== false && value !== null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** Where a pointer is, in the drawing's own units. @returns {[number, number]} */
export function placeIn(svg, event) {
  const box = svg.getBoundingClientRect();
  const { x, y, width, height } = svg.viewBox.baseVal;
  const across = (event.clientX - box.left) / box.width;
  const down = (event.clientY - box.top) / box.height;
  return [x + across * width, y + down * height];
}
