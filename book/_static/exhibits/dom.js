// What the exhibits need of the page.

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

const CODE = ["input", "output", "kernel", "positive", "negative", "chosen"]; // of colours.css

/**
 * Colours by name as they are now: those of the course's code, the others from exhibits.css.
 * @param {Element} element
 * @param {string[]} names
 * @returns {Record<string, string>}
 */
export function colours(element, names) {
  const style = getComputedStyle(element);
  const value = (name) => style.getPropertyValue(`--${CODE.includes(name) ? "course" : "exhibit"}-${name}`).trim();
  return Object.fromEntries(names.map((name) => [name, value(name)]));
}

/** Write a text where it is another: the same one again would have the page laid out anew. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Set an attribute where its value is another. */
export function mark(element, name, value) {
  if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** Run a function at the next frame, once however often it is asked for. @param {() => void} run */
export function nextFrame(run) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      run();
    });
  };
}

/** Run an exhibit wherever the page has it. @param {string} name @param {(root: HTMLElement) => void} run */
export function everywhere(name, run) {
  document.querySelectorAll(`[data-exhibit="${name}"]`).forEach((root) => run(/** @type {HTMLElement} */ (root)));
}

/** Hide the still that stands for an exhibit where scripts do not run. @param {Element} root */
export function takeTheStage(root) {
  root.querySelector(".exhibit-still")?.remove();
  root.classList.add("exhibit-live");
}

const SLOP = 10; // pixels that a finger moves while it taps

/** Whether a pointer scrolls the page where it moves on. */
export const isFinger = (/** @type {PointerEvent} */ { pointerType }) => pointerType === "touch" || pointerType === "pen";

/**
 * Hear where a pointer presses: a mouse at once; a finger when it lifts where it came down, since one
 * that moves on scrolls the page. Across, a finger looks on its way, as the style leaves that to the
 * figure (`touch-action: pan-y`).
 * @param {EventTarget} target
 * @param {(event: PointerEvent) => void} press
 * @param {(event: PointerEvent) => void} [pass] a finger that moves across
 */
export function onPress(target, press, pass = () => {}) {
  /** Where the finger came down. @type {[number, number] | null} */
  let from = null;
  let across = false;
  const listen = (/** @type {string} */ name, /** @type {(event: PointerEvent) => void} */ then) =>
    target.addEventListener(name, /** @type {EventListener} */ (then));
  listen("pointerdown", (event) => {
    if (!isFinger(event)) return press(event);
    from = event.isPrimary ? [event.clientX, event.clientY] : null;
    across = false;
    return undefined;
  });
  listen("pointermove", (event) => {
    if (!from || !isFinger(event)) return;
    const [x, y] = [Math.abs(event.clientX - from[0]), Math.abs(event.clientY - from[1])];
    if (!across && y > SLOP && 2 * y > x) from = null;
    else if (x > SLOP) across = true;
    if (from && across) pass(event);
  });
  listen("pointerup", (event) => {
    if (from && isFinger(event) && !across) press(event);
    from = null;
  });
  listen("pointercancel", () => (from = null));
}

/** What is held, where it was pressed, and what shows that. @typedef {{held?: string, on?: Element, show?: (() => void)[]}} Hold */

/**
 * Look at what a pointer is over. The mouse looks wherever it goes; a press holds what it chose, so
 * that the mouse can leave, until one on the same place, on nothing or elsewhere on the page, or
 * Escape. A frame around the element shows that it is held.
 * @param {Element} element
 * @param {(event: PointerEvent) => string | undefined} pick looks, and returns where, if anywhere
 * @param {Hold} hold shared by elements that show one choice
 */
export function onPointer(element, pick, hold = {}) {
  const set = (/** @type {string | undefined} */ place) => {
    Object.assign(hold, { held: place, on: element });
    hold.show?.forEach((show) => show());
  };
  (hold.show ??= []).push(() => element.classList.toggle("live-held", hold.held !== undefined && hold.on === element));
  const press = (/** @type {PointerEvent} */ event) => {
    const place = pick(event);
    set(place === hold.held ? undefined : place);
  };
  onPress(element, press, (event) => set(pick(event)));
  onPress(document, (event) => {
    const figure = element.closest("[data-exhibit]");
    if (hold.held !== undefined && !figure?.contains(/** @type {Node} */ (event.target))) set(undefined);
  });
  element.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (!isFinger(event) && (event.buttons || hold.held === undefined)) pick(event);
  });
  element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape") set(undefined);
  });
}

/** Steps of the arrow keys: rows, columns. @type {Record<string, [number, number]>} */
export const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/**
 * The cell to which a key leads from another: arrows to the next, Home and End to the ends of the
 * row, with Ctrl to the first cell and the last.
 * @param {KeyboardEvent} event
 * @param {[number, number]} cell row, column
 * @param {[number, number]} size rows, columns
 * @returns {[number, number] | null} null if the key leads nowhere
 */
export function cellAfter({ key, ctrlKey, metaKey }, [row, column], [rows, columns]) {
  const last = [rows - 1, columns - 1];
  if (key === "Home") return [ctrlKey || metaKey ? 0 : row, 0];
  if (key === "End") return [ctrlKey || metaKey ? last[0] : row, last[1]];
  const step = ARROWS[key];
  if (!step) return null;
  const [r, c] = [row, column].map((n, axis) => Math.min(Math.max(n + step[axis], 0), last[axis]));
  return [r, c];
}
