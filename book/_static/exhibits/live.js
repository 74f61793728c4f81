// What the figures in a chapter share: the numbers that its cell handed over, and their controls.

import { make } from "./dom.js";

/** What `sepconv.figures.live` wrote into a figure. @param {Element} root */
export const dataOf = (root) => JSON.parse(root.querySelector('script[type="application/json"]').textContent);

/**
 * A slider over the whole numbers from `least` to `most`, with its value in words beside it.
 * @param {string} label
 * @param {number} least
 * @param {number} most
 * @param {number} value
 * @param {(value: number) => string} say
 * @param {(value: number) => void} changed
 */
export function slider(label, least, most, value, say, changed) {
  const input = make("input", { type: "range", min: least, max: most, step: 1, value });
  const output = make("output", {});
  const show = () => {
    output.textContent = say(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  input.addEventListener("input", () => {
    show();
    changed(Number(input.value));
  });
  show();
  const root = make("label", { class: "live-slider" }, make("span", { text: label }), input, output);
  return { root, input };
}

let groups = 0;

/**
 * Buttons of which one is chosen.
 * @param {string} legend
 * @param {[string, string][]} options values and what they are called
 * @param {string} value
 * @param {(value: string) => void} changed
 */
export function choice(legend, options, value, changed) {
  groups += 1;
  const name = `live-${groups}`;
  const labels = options.map(([key, words]) =>
    make(
      "label",
      {},
      make("input", { type: "radio", name, value: key, checked: key === value, onchange: () => changed(key) }),
      make("span", { text: words }),
    ),
  );
  return make("fieldset", { class: "live-choice" }, make("legend", { text: legend }), make("div", {}, ...labels));
}

/** A sentence that screen readers are told when it changes. */
export const spoken = () => make("p", { class: "live-say", role: "status", "aria-live": "polite" });
