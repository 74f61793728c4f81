"""Paper shows what is chosen in a figure, and nothing to choose with."""

import pytest

pytestmark = pytest.mark.browser
# Page, figure, what its paper has to say, and what stays on the screen.
PAPER = {
    "field": ("convolution", "kernel_size dilation_rate", "Add a layer"),
    "volumes": ("separable", "depth_multiplier channels", "Step"),
    "spectrum": ("inception", "towers", ""),
    "checkerboard": ("transposed", "kernel_size strides", ""),
    "decoders": ("transposed", "steps photograph", "even surface"),
    "depth": ("mnist", "scale each map", "whole layer"),
    "tradeoff": ("mnist", "parameters", ""),
    "draw": ("index", "Dense Separable sure", "Or try a real one"),
    "explorer": ("explorer", "Kernel Output Parameters", "To change"),
    "answers": ("fcn", "pixels", "Pointer and arrow keys"),
}


@pytest.mark.parametrize("exhibit", PAPER)
def test_paper_shows_what_is_chosen_and_nothing_to_choose_with(opened, exhibit):
    name, words, gone = PAPER[exhibit]
    page = opened(name)
    figure = page.locator(f'[data-exhibit="{exhibit}"]').first
    on_screen = figure.inner_text()
    assert gone in on_screen
    page.emulate_media(media="print")
    on_paper = figure.inner_text()
    assert all(word in on_paper for word in words.split())
    assert not gone or gone not in on_paper
    assert not figure.locator("input[type=range]:visible, button:visible:not([role])").all()
