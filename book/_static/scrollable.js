// Tables and drawings that are wider than the page scroll by themselves: make them reachable by
// keyboard, while they do.

/** @param {HTMLElement} box */
function follow(box) {
  const update = () => {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  };
  const observer = new ResizeObserver(update);
  observer.observe(box);
  observer.observe(box.firstElementChild);
  // a formula that is typeset can change the content's width without a change of the table's
  new MutationObserver(update).observe(box, { childList: true, subtree: true });
}

document.querySelectorAll(".bd-article :is(.pst-scrollable-table-container, .drawing-box)").forEach(follow);
