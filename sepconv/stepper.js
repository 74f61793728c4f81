/**
 * Steps through the places of a kernel. Everything that is shown was computed beforehand; this only
 * moves and relabels.
 *
 * @typedef {object} Frame
 * @property {number} s step that is at work
 * @property {number[][]} w corners of the windows on its input, in pixels
 * @property {number[][]} o corners of the places on its output, in pixels
 * @property {string} t labels of its sums, a space between them: values seen, kernel, products
 * @property {string} y sentence before the result
 * @property {string} r the result
 * @property {string[]} [v] labels of its output after this frame
 * @property {number} [n] output values that are there after this frame
 */
(() => {
  "use strict";

  /** @param {number} at @param {number} by @param {number} count */
  const step = (at, by, count) => Math.min(Math.max(at + by, 0), count - 1);

  /**
   * Frame that play begins with: the next ones, or the first where all were shown.
   * @param {number} at
   * @param {number} count
   */
  const beginning = (at, count) => (at >= count - 1 ? 0 : at);

  /**
   * The frame whose place on the output holds a point, or -1.
   * @param {Frame[]} frames
   * @param {number} s
   * @param {number} x
   * @param {number} y
   * @param {number[]} side
   */
  const holding = (frames, s, x, y, [width, height]) =>
    frames.findIndex((f) => f.s === s && f.o.some(([l, t]) => x >= l && x < l + width && y >= t && y < t + height));

  /** @param {HTMLElement} root */
  const start = (root) => {
    root.dataset.ready = "";
    /** @type {{frames: Frame[], at: number, side: number[][]}} */
    const { frames, at: first, side } = JSON.parse(root.querySelector("script[type='application/json']").textContent);
    const all = (selector, within = root) => [...within.querySelectorAll(selector)];
    const one = (selector) => root.querySelector(selector);
    const inputs = all("[data-source]"), outputs = all("[data-target]"), sums = all("[data-sums]");
    const say = one(".sc-say"), slider = one("input"), count = one("output"), play = one("[data-do=play]");
    let at = first, timer = 0;

    const move = (marks, corners) =>
      marks.forEach((mark, i) => {
        mark.style.display = corners[i] ? "" : "none";
        if (corners[i]) mark.style.transform = `translate(${corners[i][0]}px,${corners[i][1]}px)`;
      });

    const show = (to) => {
      at = to;
      const frame = frames[at];
      inputs.forEach((group, s) => move([...group.children], s === frame.s ? frame.w : []));
      outputs.forEach((group, s) => move([...group.children], s === frame.s ? frame.o : []));
      sums.forEach((row, s) => {
        row.classList.toggle("sc-idle", s !== frame.s);
        if (s !== frame.s) return;
        const labels = frame.t.split(" ");
        all(".sc-numbers text", row).forEach((label, i) => (label.textContent = labels[i]));
      });
      all("[data-values]").forEach((group, s) =>
        [...group.children].forEach((label, i) => {
          const shown = s < frame.s ? Infinity : s > frame.s ? 0 : frame.n;
          label.classList.toggle("sc-later", i >= shown);
          if (s === frame.s && frame.v) label.textContent = frame.v[i];
        }),
      );
      say.firstChild.textContent = frame.y;
      say.lastChild.textContent = frame.r;
      slider.value = String(at);
      slider.setAttribute("aria-valuetext", `${at + 1} of ${frames.length}: ${frame.y}${frame.r}`);
      count.textContent = `${at + 1} / ${frames.length}`;
    };

    const stop = () => {
      clearInterval(timer);
      timer = 0;
      play.textContent = "Play";
      say.setAttribute("aria-live", "polite");
    };
    const run = () => {
      say.setAttribute("aria-live", "off");
      play.textContent = "Pause";
      show(at === first && !root.dataset.moved ? 0 : beginning(at, frames.length));
      timer = setInterval(() => {
        if (!root.isConnected) return stop();
        show(step(at, 1, frames.length));
        if (at === frames.length - 1) stop();
      }, 1000);
    };
    const go = (to) => {
      stop();
      root.dataset.moved = "";
      show(to);
    };

    play.addEventListener("click", () => {
      if (timer) stop();
      else run();
      root.dataset.moved = "";
    });
    one("[data-do=back]").addEventListener("click", () => go(step(at, -1, frames.length)));
    one("[data-do=next]").addEventListener("click", () => go(step(at, 1, frames.length)));
    slider.addEventListener("input", () => go(Number(slider.value)));
    outputs.forEach((group, s) => {
      const drawing = group.ownerSVGElement;
      const point = (event) => {
        const box = drawing.getBoundingClientRect(), scale = drawing.viewBox.baseVal.width / box.width;
        const found = holding(frames, s, (event.clientX - box.left) * scale, (event.clientY - box.top) * scale, side[s]);
        if (found >= 0 && found !== at && (event.type === "click" || !timer)) go(found);
      };
      drawing.addEventListener("click", point);
      drawing.addEventListener("pointermove", point);
    });
    one(".sc-controls").hidden = false;
  };

  document.querySelectorAll(".sepconv-figure.sc-steps:not([data-ready])").forEach(start);
})();
