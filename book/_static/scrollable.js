// Tables and drawings that are wider than the page scroll by themselves: make them reachable by
// keyboard, while they do.

/** @param {HTMLElement} box */
function follow(box) {
  const observer = new ResizeObserver(() => {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
    } else {
      box.removeAttribute("tabindex");
    }
  });
  observer.observe(box);
  observer.observe(box.firstElementChild);
}

document.querySelectorAll(".bd-article :is(.pst-scrollable-table-container, .drawing-box)").forEach(follow);
