"""On a phone, what is chosen with and what it changes are on one screen."""

import pytest

pytestmark = pytest.mark.browser
HEIGHT = 640
# Page, and the parts of its figure that belong together, first and last included.
TOGETHER = {
    "draw": ("index", ".draw-pad-part, .draw-answers"),
    "field": ("convolution", ".field-stacks, .field-picture, .field-layers, .field-depth"),
    "volumes": ("separable", ".volumes-controls, .volumes-board, .explorer-player"),
    "spectrum": ("inception", ".spectrum-top, .spectrum-drawing, .spectrum-chart"),
    "networks": ("inception", ".live-key, .networks-network"),
    "checkerboard": ("transposed", ".live-top, .checkerboard-drawing"),
    "decoders": ("transposed", ".live-top, .decoders-panels"),
    "matrix": ("transposed", ".live-top, .matrix-drawing, .live-say"),
    "answers": ("fcn", ".live-top, .answers-pictures"),
    "depth": ("mnist", ".live-top, .depth-both"),
    "tradeoff": ("mnist", ".live-top, .tradeoff-stage, .tradeoff-key"),
    "explorer": ("explorer", ".explorer-modes, .explorer-stages, .explorer-player"),
}
SPAN = """(root, parts) => {
  const boxes = [...root.querySelectorAll(parts)].map((one) => one.getBoundingClientRect());
  const seen = boxes.filter((box) => box.height);
  return Math.max(...seen.map((box) => box.bottom)) - Math.min(...seen.map((box) => box.top));
}"""


@pytest.mark.parametrize("exhibit", TOGETHER)
def test_controls_and_picture_are_on_one_screen(opened, exhibit):
    name, parts = TOGETHER[exhibit]
    page = opened(name, width=360, height=HEIGHT, has_touch=True, is_mobile=True)
    bar = page.locator(".bd-header-article").first.bounding_box()["height"]
    figure = page.locator(f'[data-exhibit="{exhibit}"]').first
    assert figure.evaluate(SPAN, parts) <= HEIGHT - bar
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
