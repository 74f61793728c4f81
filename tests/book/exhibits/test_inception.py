"""The figures of Inception and Xception: towers, and whole networks as areas."""

from itertools import pairwise

import keras
import numpy as np
import pytest

from sepconv import cost, layers

pytestmark = pytest.mark.browser
STRIPS = """async (cases) => {
  const { strips } = await import("exhibits/arithmetic/strips.js");
  return cases.map((one) => strips(...one));
}"""
TOWERS = """async ([channels, towers, pointwiseFirst]) => {
  const { madeFrom, weightsOf } = await import("exhibits/arithmetic/towers.js");
  const read = Array.from({ length: channels }, (_, k) => madeFrom(k, channels, towers, pointwiseFirst));
  return { read, weights: weightsOf(channels, towers, 3) };
}"""


def test_areas_are_in_proportion_in_order_and_fill_the_whole(modules):
    rng = np.random.default_rng(0)
    cases = [[rng.uniform(1, 50, n).tolist(), 300, 200] for n in (1, 2, 7, 30)] + [[[1e-4, 5, 5], 90, 40]]
    for (areas, width, height), placed in zip(cases, modules.evaluate(STRIPS, cases), strict=True):
        drawn = [one["width"] * one["height"] for one in placed]
        np.testing.assert_allclose(drawn, np.array(areas) * width * height / sum(areas))
        for before, after in pairwise(placed):
            beside = after["y"] == before["y"] and after["x"] == pytest.approx(before["x"] + before["width"])
            below = after["x"] == 0 and after["y"] == pytest.approx(before["y"] + before["height"])
            assert beside or below
        assert placed[-1]["x"] + placed[-1]["width"] == pytest.approx(width)
        assert placed[-1]["y"] + placed[-1]["height"] == pytest.approx(height)
    ratios = [max(one["width"] / one["height"], one["height"] / one["width"]) for one in placed[1:]]
    assert max(ratios) < 3  # what can be nearly square is


@pytest.mark.parametrize("towers", [1, 2, 4, 12])
@pytest.mark.parametrize("pointwise_first", [True, False])
def test_channels_are_made_from_those_that_move_them_in_keras(modules, towers, pointwise_first):
    channels = 12
    shown = modules.evaluate(TOWERS, [channels, towers, pointwise_first])
    inputs = keras.Input((3, 3, channels))
    model = keras.Model(inputs, layers.towers(inputs, channels, 3, towers))
    pointwise, spatial = cost.of_model(model).costs
    assert shown["weights"] == {"pointwise": pointwise.weights, "spatial": spatial.weights}
    # The chapter's spatial step, alone: which of its inputs change which of its outputs?
    step = model.layers[-1]
    at_zero = np.asarray(step(np.zeros((1, 3, 3, channels))))
    reads = [
        np.abs(np.asarray(step(np.eye(channels)[k] * np.ones((1, 3, 3, 1)))) - at_zero).max((0, 1, 2)) > 0
        for k in range(channels)
    ]
    for channel, read in enumerate(shown["read"]):
        assert read["input"] == [0, channels]
        own = np.flatnonzero([line[channel] for line in reads])
        expected = [own[0], own[-1] + 1] if pointwise_first else [0, channels]
        assert read["between"] == expected


MEASURED = {
    "channels": 24, "towers": [1, 4, 24], "at": 1, "parameters": [18058, 6394, 3154],
    "macs": [{"pointwise": 84672, "spatial": 762048 // g, "rest": 10824} for g in (1, 4, 24)],
    "accuracy": {
        "d no": [[0.9, 0.92], [0.88], [0.8]], "d yes": [[0.9], [0.88], [0.81]],
        "p no": [[0.91], [0.87], [0.82]], "p yes": [[0.93], [0.89, 0.91], [0.83, 0.85, 0.87]],
    },
}  # fmt: skip


def facts(page):
    parameters, macs = page.locator(".spectrum-bar b").all_inner_texts()
    return parameters, macs, page.locator(".spectrum-said").inner_text()


def test_one_slider_moves_drawing_cost_and_accuracy(live_figure):
    page = live_figure("spectrum", MEASURED)
    assert facts(page) == ("6,394", "286,008", "Accuracy 90.0 %, 2 starts: 89.0 % to 91.0 %")
    assert page.locator(".spectrum-tower").count() == 4
    page.get_by_role("slider", name="towers").fill("2")
    assert facts(page) == ("3,154", "127,248", "Accuracy 85.0 %, 3 starts: 83.0 % to 87.0 %")
    assert page.locator(".spectrum-tower").count() == 24
    assert "24 towers of 1 channel" in page.locator(".spectrum-drawing").text_content()
    page.get_by_role("radio", name="3×3").check()
    page.get_by_role("radio", name="no").check()
    assert facts(page)[2] == "Accuracy 80.0 %, 1 start: 80.0 % to 80.0 %"
    assert page.locator(".spectrum-relu").count() == 0
    tops = page.eval_on_selector_all(
        ".spectrum-mixes, .spectrum-tower", "all => all.map((r) => +r.getAttribute('y'))"
    )
    assert tops[-1] > tops[0]  # the 1×1 step has come last


def test_a_channel_is_followed_back_by_keyboard_and_mouse(live_figure):
    page = live_figure("spectrum", MEASURED)
    say = page.locator(".live-say")
    page.locator(".spectrum-drawing").focus()
    page.keyboard.press("ArrowRight")
    assert say.inner_text().startswith(
        "Channel 9 is made from 6 of 24 channels between the steps, by 54 weights."
    )
    assert page.locator(".spectrum-read").count() == 24 + 6
    box = page.locator(".spectrum-drawing").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 20)
    assert say.inner_text().startswith("Channel 23 ")
    chart = page.locator(".spectrum-chart").bounding_box()
    page.mouse.click(chart["x"] + chart["width"] - 9, chart["y"] + 30)
    assert page.get_by_role("slider", name="towers").input_value() == "2"


def block(name, macs, **kinds):
    return {
        "name": name, "part": "middle flow", "input": "4×4×8", "output": "4×4×8", "parameters": 1234,
        "macs": macs, "kinds": {"dense": 0, "pointwise": 0, "depthwise": 0, "other": 0} | kinds,
    }  # fmt: skip


TWO = {
    "networks": [
        {"name": "Small", "blocks": [block("one", 10**6, dense=10**6), block("two", 10**6, pointwise=10**6)]},
        {"name": "Large", "blocks": [block("three", 6 * 10**6, pointwise=54 * 10**5, depthwise=6 * 10**5)]},
    ]
}


@pytest.mark.parametrize("width", [1280, 360])
def test_areas_of_all_networks_are_on_one_scale(live_figure, width):
    page = live_figure("networks", TWO, width)
    size = "all => all.map((one) => one.getBoundingClientRect()).map((box) => box.width * box.height)"
    one, two, three = page.eval_on_selector_all(".networks-block", size)
    assert one == pytest.approx(two, rel=0.01)
    assert three == pytest.approx(6 * one, rel=0.01)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_block_says_what_it_is_by_mouse_and_by_keyboard(live_figure):
    page = live_figure("networks", TWO)
    page.locator(".networks-block").nth(2).hover()
    assert page.locator(".networks-say").inner_text() == (
        "Large, middle flow, three: 4×4×8 to 4×4×8; 1,234 parameters, 6.0 million MACs, "
        "100.0 % of the network; 1×1 90.0 %, depthwise 10.0 %."
    )
    page.locator(".networks-block").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(".networks-say").inner_text().startswith("Small, middle flow, two:")
