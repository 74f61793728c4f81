// The explorer: wires controls, stages and player to one setting.

import { count, everywhere, make, onTheme, takeTheStage } from "../dom.js";
import { costs, effective, kerasCode, needsOneDnn, refusal, stagesOf } from "./compute.js";
import { controls } from "./controls.js";
import { player } from "./player.js";
import { read, write } from "./setting.js";
import { stageView } from "./stage.js";

const NARROW = "(max-width: 540px)";

/** @param {HTMLElement} root */
export function explorer(root) {
  const begun = read(location.search);
  let setting = begun.setting;
  /** @type {import("./compute.js").Stage[]} */
  let stages = [];

  const trouble = make("p", { class: "exhibit-trouble", role: "status" });
  trouble.textContent = begun.troubles.length
    ? `Not all of this address was understood; the rest is as usual. ${begun.troubles.join(" ")}`
    : "";
  const refused = make("p", { class: "exhibit-trouble", role: "alert" });
  const code = make("code");
  const caution = make("p", { class: "explorer-note explorer-caution" });
  const facts = make("dl", { class: "explorer-facts" });
  const live = make("p", { class: "exhibit-spoken", role: "status", "aria-live": "polite" });
  const link = make("button", { type: "button", text: "Copy link to this setting", onclick: copyLink });
  const reset = make("button", { type: "button", text: "Start over", onclick: startOver });

  const form = controls(() => setting, (change) => {
    setting = { ...setting, ...change };
    update();
  });
  const views = [0, 1].map((index) =>
    stageView(index, {
      look: (cell) => look(index, cell),
      edit: (place, value) => {
        setting = { ...setting, edits: { ...setting.edits, [place]: value } };
        update();
      },
    }),
  );
  const play = player((index) => {
    const [stage, place] = placeOf(index);
    const [, width] = stages[stage].y.shape;
    look(stage, [Math.floor(place / width), place % width, stage === setting.at[0] ? setting.at[3] : 0], true);
  });
  const board = make("div", { class: "explorer-stages" }, ...views.map((view) => view.root));
  const sums = make("div", { class: "explorer-sums" }, ...views.map((view) => view.below));
  const told = make("div", { class: "explorer-told" }, make("pre", { class: "explorer-code" }, code), caution, facts);
  const panel = make("div", { class: "explorer-panel" }, form.form, told);
  const bottom = make("div", { class: "explorer-links" }, link, reset);
  const body = make("div", { class: "explorer-body" }, board, play.root, sums, panel, bottom);

  takeTheStage(root);
  root.append(trouble, form.modes, refused, body, live);

  // On a phone the maps stay in view while the rest scrolls, so the kernels stand below them.
  const narrow = matchMedia(NARROW);
  const arrange = () => views.forEach((view) => view.arrange(narrow.matches));
  narrow.addEventListener("change", arrange);
  arrange();

  function placeOf(index) {
    let before = 0;
    for (let stage = 0; stage < stages.length; stage++) {
      const cells = stages[stage].y.shape[0] * stages[stage].y.shape[1];
      if (index < before + cells || stage === stages.length - 1) return [stage, index - before];
      before += cells;
    }
    return [0, 0];
  }

  function indexOf([stage, row, column]) {
    const before = stages.slice(0, stage).reduce((sum, s) => sum + s.y.shape[0] * s.y.shape[1], 0);
    return before + row * stages[stage].y.shape[1] + column;
  }

  /** Keep the cell that is looked at within what there is. */
  function within([stage, ...cell]) {
    const one = Math.min(stage, stages.length - 1);
    return [one, ...cell.map((n, axis) => Math.min(n, stages[one].y.shape[axis] - 1))];
  }

  function look(stage, cell, playing = false) {
    setting.at = /** @type {any} */ ([stage, ...cell]);
    show();
    if (!playing) {
      play.pause();
      live.textContent = views[stage].spoken();
    }
    if (!playing || !play.isPlaying()) remember();
  }

  let waiting = 0;
  function remember() {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const query = write(setting);
      history.replaceState(null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
    }, 200);
  }

  /** Compute anew and show: after a change of the setting. */
  function update() {
    form.update();
    const asked = effective(setting);
    const reason = refusal(asked);
    refused.textContent = reason && `Keras refuses this: ${reason}`;
    refused.hidden = !reason;
    body.classList.toggle("explorer-stale", Boolean(reason));
    code.textContent = kerasCode(asked);
    caution.textContent = reason ? "" : needsOneDnn(asked);
    if (!reason) {
      stages = stagesOf(asked);
      setting.at = within(setting.at);
      views[1].root.hidden = views[1].below.hidden = stages.length < 2;
      tell(asked);
      play.span(stages.reduce((sum, s) => sum + s.y.shape[0] * s.y.shape[1], 0));
      show();
    }
    remember();
  }

  function show() {
    const [active, ...cell] = setting.at;
    stages.forEach((stage, i) => {
      const own = i === active ? cell : elsewhere(stage, cell);
      views[i].update(stage, own, stages.length);
    });
    views.forEach((view, i) => view.root.classList.toggle("explorer-active", stages.length > 1 && i === active));
    play.show(indexOf(setting.at), `row ${cell[0]}, column ${cell[1]}`);
  }

  /** In the other stage, the cell at the same place: the pointwise stage keeps places. */
  function elsewhere(stage, [row, column]) {
    return [Math.min(row, stage.y.shape[0] - 1), Math.min(column, stage.y.shape[1] - 1), 0];
  }

  function tell(asked) {
    const { steps, total, dense } = costs(asked, stages);
    const output = stages[stages.length - 1].y.shape;
    const parts = (key) => (steps.length > 1 ? ` = ${steps.map((step) => count(key(step))).join(" + ")}` : "");
    const same = total.macs === dense.macs && total.parameters === dense.parameters;
    const entries = [
      ["Output", `${output.join("×")} ${rule(asked)}`],
      ["Parameters", `${count(total.parameters)}${parts((s) => s.weights + s.biases)}`],
      ["MACs", `${count(total.macs)}${parts((s) => s.macs)}`],
      ["Dense convolution in its place", same ? "this is one" :
        `${count(dense.parameters)} parameters, ${count(dense.macs)} MACs: ` +
        `${ratio(dense.parameters, total.parameters)} the parameters, ${ratio(dense.macs, total.macs)} the MACs`],
    ];
    facts.replaceChildren(...entries.flatMap(([name, text]) => [make("dt", { text: name }), make("dd", { text })]));
  }

  async function copyLink() {
    clearTimeout(waiting);
    const query = write(setting);
    history.replaceState(null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
    try {
      await navigator.clipboard.writeText(location.href);
      live.textContent = link.textContent = "Link copied";
    } catch {
      live.textContent = link.textContent = "The link is in the address bar";
    }
  }

  function startOver() {
    play.pause();
    setting = read("").setting;
    trouble.textContent = "";
    link.textContent = "Copy link to this setting";
    views.forEach((view) => view.forget());
    update();
  }

  update();
  onTheme(() => views.forEach((view) => view.redraw()));
  new ResizeObserver(() => views.forEach((view) => view.redraw())).observe(root);
}

const ratio = (dense, own) => `${(dense / own).toFixed(dense / own < 10 ? 2 : 1)} times`;

/**
 * Keras' rule for the height, with this setting's numbers.
 * @param {import("./setting.js").Setting} s
 */
function rule(s) {
  const [n, k, stride, dilation] = [s.size[0], s.kernel[0], s.strides[0], s.dilation[0]];
  const reach = dilation > 1 ? `((${k} − 1) · ${dilation} + 1)` : `${k}`;
  if (s.mode === "transposed") {
    if (s.outputPadding) {
      const own = s.padding === "same" ? `(${reach} mod 2)` : reach;
      return `(height: (${n} − 1) · ${stride} + ${own} + ${s.outputPadding[0]})`;
    }
    return s.padding === "same" ? `(height: ${n} · ${stride})` : `(height: (${n} − 1) · ${stride} + max(${reach}, ${stride}))`;
  }
  if (s.padding === "same") return `(height: ⌈${n} / ${stride}⌉)`;
  const zeros = s.padding === "explicit" ? ` + ${s.zeros[0]} + ${s.zeros[1]}` : "";
  return `(height: ⌊(${n}${zeros} − ${reach}) / ${stride}⌋ + 1)`;
}

everywhere("explorer", explorer);
