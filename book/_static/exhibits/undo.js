// What was there before each change, so that it can be had again.

import { make } from "./dom.js";

const MOST = 100; // changes that can be taken back

/**
 * @template State
 * @param {(before: State) => void} restore
 */
export function undoing(restore) {
  /** @type {State[]} */
  const states = [];
  const button = make("button", { type: "button", text: "Undo", disabled: true, onclick: back });

  /** Note what is there, before it changes; it must stay as it is. @param {State} state */
  function keep(state) {
    states.push(state);
    if (states.length > MOST) states.shift();
    button.disabled = false;
  }

  function back() {
    if (!states.length) return;
    restore(states.pop());
    button.disabled = !states.length;
  }

  /** Take back by a key. @param {KeyboardEvent} event @returns {boolean} whether it is one for that */
  function byKey({ key, ctrlKey, metaKey }) {
    const asked = key === "Backspace" || key === "Delete" || (key === "z" && (ctrlKey || metaKey));
    if (asked) back();
    return asked;
  }

  return { button, keep, byKey };
}
