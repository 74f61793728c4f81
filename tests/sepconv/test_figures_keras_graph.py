"""A drawing of a model has its layers, and its ways go where the model's go."""

import re
from xml.etree import ElementTree

import keras
import pytest
from keras import layers as kl

from sepconv import figures, layers

SVG = "{http://www.w3.org/2000/svg}"


def inception():
    inputs = keras.Input((28, 28, 192))
    return keras.Model(inputs, layers.inception_module(inputs, 64, 128, 32, 32, 96, 16))


def block(**how):
    inputs = keras.Input((20, 20, 16))
    return keras.Model(inputs, layers.xception_block(inputs, 16, **how))


def boxes(figure):
    """Place of each box by its text: (centre, top), in the order of drawing."""
    made = []
    for one in ElementTree.fromstring(figure.svg).iter(f"{SVG}text"):
        if one.get("class") == "sc-layer":
            made.append((one.text, float(one.get("x")), float(one.get("y"))))
    return made


def ways(figure):
    """Start and end of each way."""
    found = []
    for one in ElementTree.fromstring(figure.svg).iter(f"{SVG}path"):
        numbers = [float(n) for n in re.findall(r"-?\d+\.?\d*", one.get("d"))]
        found.append((tuple(numbers[:2]), tuple(numbers[-2:])))
    return found


@pytest.mark.parametrize(
    "build", [inception, block, lambda: block(strides=1, repeats=3)], ids=["inception", "entry", "middle"]
)
def test_every_layer_and_every_way_of_the_model_is_drawn(build):
    model = build()
    figure = figures.keras_graph(model)
    drawn = boxes(figure)
    assert len(drawn) == len(model.layers)
    by_place = {(x, y): name for name, x, y in drawn}
    wanted = []
    for layer in model.layers[1:]:
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        for tensor in inputs:
            before = type(tensor._keras_history.operation).__name__.replace("InputLayer", "input")
            wanted.append((before, type(layer).__name__))
    # A name stands 15 px below its box's upper edge, a box is 60 px high.
    got = [
        (by_place[start[0], start[1] - 60 + 15], by_place[end[0], end[1] + 15]) for start, end in ways(figure)
    ]
    assert sorted(got) == sorted(wanted)


def test_no_two_boxes_overlap_and_no_way_runs_through_a_box():
    for model in (inception(), block(), block(strides=1, repeats=3)):
        figure = figures.keras_graph(model)
        root = ElementTree.fromstring(figure.svg)
        rects = [
            [float(r.get(k)) for k in ("x", "y", "width", "height")]
            for r in root.iter(f"{SVG}rect")
            if r.get("class") == "sc-back"
        ]
        for i, (x, y, w, h) in enumerate(rects):
            assert x >= 0
            for x2, y2, w2, h2 in rects[:i]:
                assert x + w <= x2 or x2 + w2 <= x or y + h <= y2 or y2 + h2 <= y
            for one in root.iter(f"{SVG}path"):
                for lane, top, bottom in re.findall(r"(\S+) (\S+)V(\S+?)C", one.get("d")):
                    inside = float(top) < y + h / 2 < float(bottom)
                    assert not (inside and x < float(lane) < x + w)


def test_blocks_one_after_the_other_share_their_lanes():
    inputs = keras.Input((20, 20, 16))
    x = inputs
    for _ in range(3):
        x = layers.xception_block(x, 16, repeats=1, strides=1)
    two = figures.keras_graph(keras.Model(inputs, x))
    one = figures.keras_graph(block(strides=1, repeats=1))
    width = [float(re.search(r'viewBox="0 0 (\S+) ', f.svg)[1]) for f in (one, two)]
    assert width[0] == width[1]


def test_the_alt_text_says_layers_shapes_and_ways():
    alt = figures.keras_graph(block(strides=1, repeats=1)).alt
    assert "box 1: input, 20×20×16" in alt
    assert "SeparableConv2D 3×3, 20×20×16, reads box 2" in alt
    assert alt.endswith("Add, 20×20×16, reads box 4 and box 1.")


def test_strides_activations_and_open_sizes_are_written():
    inputs = keras.Input((None, None, 3))
    model = keras.Sequential([inputs, kl.Conv2D(4, (1, 3), strides=(1, 2), activation="relu")])
    alt = figures.keras_graph(model).alt
    assert "Conv2D 1×3 /1×2 relu, any×any×4" in alt


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(ValueError, match=r"must be a built keras\.Model, got Sequential"):
        figures.keras_graph(keras.Sequential([kl.Dense(1)]))
    with pytest.raises(ValueError, match=r"must be a built keras\.Model, got int"):
        figures.keras_graph(3)
    long = keras.Sequential([keras.Input((2,)), *(kl.ReLU() for _ in range(40))])
    with pytest.raises(ValueError, match="at most 40 layers to be drawn, got 41"):
        figures.keras_graph(long)
    inputs = keras.Input((2,))
    forked = keras.Model(inputs, [kl.ReLU()(inputs), kl.ReLU()(inputs)])
    with pytest.raises(ValueError, match="one output to be drawn, got 2"):
        figures.keras_graph(forked)
