// What both exhibits need of the page.

/**
 * Make an element.
 * @param {string} tag
 * @param {Record<string, unknown>} attributes "on…" for listeners, "text" for text; true for
 *   present, false for absent
 * @param {...(Node | string)} children
 * @returns {any}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (name === "text") element.textContent = String(value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** A number as one reads it: up to two decimals, a true minus. @param {number} value */
export function number(value) {
  const short = Math.abs(value) >= 100 ? value.toFixed(Number.isInteger(value) ? 0 : 1) : value.toFixed(2);
  const trimmed = short.includes(".") ? short.replace(/\.?0+$/, "") : short;
  return trimmed === "-0" ? "0" : trimmed.replace("-", "−");
}

/** A count with its thousands apart. @param {number} value */
export const count = (value) => value.toLocaleString("en-US");

/** Run `then` whenever the theme changes. @param {() => void} then */
export function onTheme(then) {
  new MutationObserver(then).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", then);
}

/** Hide the still that stands for an exhibit where scripts do not run. @param {Element} root */
export function takeTheStage(root) {
  root.querySelector(".exhibit-still")?.remove();
  root.classList.add("exhibit-live");
}
