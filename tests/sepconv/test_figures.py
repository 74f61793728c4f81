"""Figures say what the operations compute."""

import base64
import io
import json
import re
from dataclasses import replace
from xml.etree import ElementTree

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

from sepconv import figures, ops
from sepconv.figures.steps import compute_steps
from sepconv.figures.svg import format_number
from sepconv.figures.timeline import frames

NAMES = list(figures.CASES)
SVG = "{http://www.w3.org/2000/svg}"


def data(figure):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', figure.html)[1])


def numbers_of(words):
    return [float(t.replace("−", "-")) for t in words]


def keras_layers(case):
    """The layers of a case, in order, with the axes of their kernels."""
    where = {
        "strides": case.strides,
        "padding": case.padding,
        "dilation_rate": case.dilation_rate,
        "use_bias": False,
    }
    kind = keras.layers
    match case.operation:
        case "conv2d":
            made = [kind.Conv2D(case.filters, case.kernel_size, groups=case.groups, **where)]
        case "pointwise_conv2d":
            made = [kind.Conv2D(case.filters, 1, use_bias=False)]
        case "depthwise_conv2d":
            made = [kind.DepthwiseConv2D(case.kernel_size, depth_multiplier=case.depth_multiplier, **where)]
        case "separable_conv2d":
            made = [
                kind.DepthwiseConv2D(case.kernel_size, depth_multiplier=case.depth_multiplier, **where),
                kind.Conv2D(case.filters, 1, use_bias=False),
            ]
        case "towers":
            made = [
                kind.Conv2D(case.filters, 1, use_bias=False),
                kind.Conv2D(case.filters, case.kernel_size, groups=case.groups, **where),
            ]
        case "spatially_separable":
            made = [
                kind.Conv2D(1, (case.kernel_size, 1), use_bias=False),
                kind.Conv2D(1, (1, case.kernel_size), use_bias=False),
            ]
        case _:
            made = [kind.Conv2DTranspose(1, case.kernel_size, output_padding=case.output_padding, **where)]
    return made


@pytest.mark.parametrize("name", NAMES)
def test_every_step_gives_what_keras_gives(name):
    case = figures.CASES[name]
    done = compute_steps(case)
    for step, layer in zip(done, keras_layers(case), strict=True):
        layer.build((1, *step.x.shape))
        layer.set_weights([step.kernel.reshape(layer.weights[0].shape)])
        theirs = np.asarray(layer(step.x[None].astype("float32")))[0]
        assert theirs.shape == step.y.shape
        np.testing.assert_allclose(theirs, step.y, atol=1e-4)


def test_the_sources_sizes_come_out():
    shapes = {name: [s.y.shape for s in compute_steps(figures.CASES[name])][-1] for name in NAMES}
    assert shapes["depthwise"] == (8, 8, 3)
    assert shapes["depth-multiplier"] == (8, 8, 6)
    assert shapes["pointwise"] == (8, 8, 1)
    assert shapes["strided"] == (2, 2, 1)
    assert shapes["padded"] == (5, 5, 1)
    assert shapes["dense-7"] == shapes["separable-7"] == (5, 5, 32)
    assert shapes["dense-32"] == (32, 32, 9)
    assert shapes["transposed-overlap"] == (5, 5, 1)


def test_sobel_in_two_steps_equals_sobel_in_one():
    two, one = compute_steps(figures.CASES["sobel"]), compute_steps(figures.CASES["sobel-dense"])
    np.testing.assert_array_equal(two[-1].y, one[-1].y)
    np.testing.assert_array_equal(two[0].kernel.ravel(), [1, 2, 1])
    np.testing.assert_array_equal(two[1].kernel.ravel(), [-1, 0, 1])


@pytest.mark.parametrize("name", NAMES)
def test_products_of_every_place_add_up_to_the_output(name):
    for step in compute_steps(figures.CASES[name]):
        for frame in frames(step, tuple(range(step.y.shape[2]))):
            np.testing.assert_array_equal(frame.products, frame.window * frame.kernel)
            if not step.transposed:
                plane, row, column = frame.target[0]
                assert frame.products.sum() == pytest.approx(step.y[row, column, plane])
                assert frame.total == step.y[row, column, plane]
        if step.transposed:
            np.testing.assert_array_equal(frame.result[..., None], step.y)


@pytest.mark.parametrize("name", NAMES)
def test_frames_on_the_page_hold_the_numbers_computed(name):
    shown = data(figures.animate(name))
    done = compute_steps(figures.CASES[name])
    for frame in shown["frames"]:
        step = done[frame["s"]]
        labels = numbers_of(frame["t"].split())
        if step.transposed:
            value, rest = labels[0], np.array(labels[1:]).reshape(2, -1)
            np.testing.assert_array_equal(rest[1], value * rest[0])
            assert frame["y"].startswith("x[")
            continue
        seen, kernel, products = np.array(labels).reshape(3, -1)
        np.testing.assert_allclose(products, seen * kernel, atol=0.005)  # as rounded on the page
        assert products.sum() == pytest.approx(numbers_of([frame["r"]])[0], abs=0.005)
        index = [int(i) for i in re.search(r"y\[([^]]*)\]", frame["y"])[1].split(",")]
        assert format_number(step.y[tuple(index) if len(index) == 3 else (*index, 0)]) == frame["r"]
    if done[0].transposed:
        assert numbers_of(shown["frames"][-1]["v"]) == done[0].y.ravel().tolist()


@pytest.mark.parametrize("name", ["plain", "padded", "strided", "dilated", "non-square", "grouped"])
def test_windows_lie_where_the_operation_reads(name):
    step = compute_steps(figures.CASES[name])[0]
    for frame in frames(step, tuple(range(step.y.shape[2]))):
        for position, (channel, row, column) in enumerate(frame.source):
            seen = np.zeros(step.kernel.shape[:2], int)
            for i, j in np.ndindex(*seen.shape):
                r, c = row + i * step.dilation_rate[0], column + j * step.dilation_rate[1]
                if 0 <= r < step.x.shape[0] and 0 <= c < step.x.shape[1]:
                    seen[i, j] = step.x[r, c, channel]
            np.testing.assert_array_equal(seen, frame.window[..., position])


@pytest.mark.parametrize("name", ["plain", "padded", "transposed-overlap", "grouped"])
def test_small_cases_show_every_place_and_draw_every_value(name):
    figure = figures.still(name)
    step = compute_steps(figures.CASES[name])[0]
    panels = ElementTree.fromstring(figure.svg).findall(f"{SVG}g/{SVG}svg")
    for panel, array in zip(panels, (step.x, step.y), strict=False):
        group = next(g for g in panel.findall(f"{SVG}g") if "sc-numbers" in g.get("class"))
        drawn = numbers_of(t.text for t in group)
        assert drawn == np.moveaxis(array, 2, 0).ravel().tolist()
    places = step.x[..., 0].size if step.transposed else step.y.size
    assert len(data(figures.animate(name))["frames"]) == places


@pytest.mark.parametrize("name", NAMES)
def test_alt_text_states_the_true_shapes_and_the_place_shown(name):
    case, done = figures.CASES[name], compute_steps(figures.CASES[name])
    alt = figures.still(name).alt
    many = max(s.x.shape[2] for s in done) > 1 or max(s.y.shape[2] for s in done) > 1
    shapes = ["×".join(map(str, a.shape[: 3 if many else 2])) for a in (done[0].x, done[-1].y)]
    assert f"input {shapes[0]}" in alt
    assert f"output {shapes[1]};" in alt
    assert f"padding {case.padding}" in alt
    kernels = ["×".join(map(str, s.kernel.shape[:2])) for s in done]
    assert f"kernel {' and then '.join(kernels)}" in alt
    place = re.search(r"row (\d+), column (\d+)(?:, channel (\d+))?", alt)
    row, column, channel = (int(i or 0) for i in place.groups())
    result = re.search(r"(?:add up to|input value) (−?\d+(?:\.\d+)?)", alt)[1]
    arrays = [s.x if s.transposed else s.y for s in done]
    step = next((i for i, s in enumerate(done) if f"after {s.name}" in alt), 0)
    assert format_number(arrays[step][row, column, channel]) == result


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_well_formed_self_contained_and_light(name):
    figure = figures.animate(name, caption="a < b & c")
    ElementTree.fromstring(figure.svg)
    for panel in re.findall(r"<svg.*?</svg>", figure.html, re.DOTALL):
        ElementTree.fromstring(panel)
    assert "a &lt; b &amp; c" in figure.html
    assert not re.search(r"(?:src|href)=|url\(|@import|\bid=", figure.html)
    assert len(figure.html.encode()) < 40_000


def test_the_same_figure_is_the_same_bytes():
    plain = figures.lines([1, 2], {"a": [1, 2]}, alt="rises")
    assert plain.html == figures.lines([1, 2], {"a": [1, 2]}, alt="rises").html
    assert figures.animate("grouped").html == figures.animate("grouped").html
    noise = np.random.default_rng(0).random((9, 9))
    assert figures.images([noise], alt="noise").html == figures.images([noise], alt="noise").html


@pytest.mark.parametrize("shape", [(15, 14, 1), (40, 3, 1), (1, 1, 1)])
def test_a_large_transposed_convolution_stays_light_and_right(shape):
    case = figures.Case("large", "conv2d_transpose", shape, 3, strides=2)
    step = compute_steps(case)[0]
    shown = frames(step, (0,))
    assert len(figures.animate(case).html.encode()) < 60_000
    np.testing.assert_array_equal(shown[-1].result[..., None], step.y)


def test_another_seed_is_another_figure():
    case = figures.CASES["plain"]
    assert figures.animate(replace(case, seed=99)).html != figures.animate(case).html


def test_ids_of_different_charts_differ():
    charts = [figures.lines([1, 2], {"a": [1, k], "b": [0, k]}, alt="rises").html for k in (2, 3)]
    ids = [set(re.findall(r' id="([^"]+)"', chart)) for chart in charts]
    assert ids[0]
    assert not ids[0] & ids[1]
    for chart, own in zip(charts, ids, strict=True):
        used = set(re.findall(r'(?:url\(#|href="#)([^)"]+)', chart))
        assert used <= own
        assert len(re.findall(r' id="', chart)) == len(own)


def test_charts_follow_the_page_and_stand_alone():
    chart = figures.bars({"dense": 21600, "separable": 3075}, alt="dense is longer")
    ElementTree.fromstring(chart.svg)
    assert "#000001" not in chart.html
    assert "currentColor" in chart.html
    assert "21,600" in chart.html
    assert 'aria-label="dense is longer"' in chart.html


def test_any_matplotlib_figure_is_a_chart():
    with figures.chart_style():
        drawn, axes = plt.subplots()
        axes.scatter([1, 2], [3, 4], label="<points>")
        axes.legend()
    chart = figures.chart(drawn, alt="two points")
    plt.close(drawn)
    ElementTree.fromstring(chart.svg)
    assert "&lt;points&gt;" in chart.html


def test_channel_diagram_counts_as_the_sources_do():
    alt = figures.channel_diagram(("dense", "depthwise", "pointwise"), (7, 7, 3), 32, 3).alt
    assert [int(n.replace(",", "")) for n in re.findall(r"([\d,]+) MACs", alt)] == [21_600, 675, 2_400]
    alt = figures.channel_diagram(("dense", "depthwise", "pointwise"), (32, 32, 3), 9, 3, "same").alt
    assert [int(n) for n in re.findall(r"(\d+) weights", alt)] == [243, 27, 27]


def test_channel_diagram_marks_the_channels_that_an_output_reads():
    for kind, channels in (("dense", 4), ("depthwise", 1), ("pointwise", 4)):
        drawn = figures.channel_diagram(kind, (8, 8, 4), 2, 3).html
        assert drawn.count('class="sc-reads"') == channels
        assert drawn.count('class="sc-makes"') == 1


def test_a_heatmap_prints_its_numbers():
    sobel = np.outer([1, 2, 1], [-1, 0, 1])
    figure = figures.heatmap({"Sobel": sobel, "box": np.full((2, 2), 0.25)})
    assert figure.alt == (
        "Sobel, 3×3, rows: −1, 0, 1; −2, 0, 2; −1, 0, 1. box, 2×2, rows: 0.25, 0.25; 0.25, 0.25."
    )
    texts = [t.text for t in ElementTree.fromstring(figure.svg).iter(f"{SVG}text")]
    assert numbers_of(texts[1:10]) == sobel.ravel().tolist()
    for part in re.findall(r"<svg.*?</svg>", figure.html, re.DOTALL):
        ElementTree.fromstring(part)


def test_a_picture_is_its_array_to_the_last_bit():
    array = np.random.default_rng(0).integers(0, 256, size=(7, 5, 3), dtype=np.uint8)
    packed = re.search(r'data:image/webp;base64,([^"]+)', figures.images([array], alt="noise").html)[1]
    drawn = Image.open(io.BytesIO(base64.b64decode(packed))).convert("RGB")
    np.testing.assert_array_equal(np.asarray(drawn), array)


def test_images_carry_their_alt_text():
    arrays = [np.eye(4), np.zeros((4, 4, 3)), np.ones((4, 4, 1))]
    each = figures.images(arrays, titles=["a", "b", "<c>"], alt=["one", "two", 'thr"ee'])
    assert re.findall(r'alt="([^"]*)"', each.html) == ["one", "two", "thr&quot;ee"]
    assert "&lt;c&gt;" in each.html
    together = figures.images(arrays, alt="three squares").html
    assert 'role="img" aria-label="three squares"' in together


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: figures.still("plane"), "case must be a Case or one of"),
        (lambda: figures.still("plain", at=4), "at must be a frame from 0 to 3, got 4"),
        (lambda: figures.Case("x", "conv3d", (4, 4, 1)), "operation must be one of"),
        (lambda: figures.Case("x", "conv2d", (4, 4)), "input_shape must be positive"),
        (lambda: figures.Case("x", "conv2d", (4, 4, 1), 3, kernel=((1, 2),)), "kernel must have the size 3"),
        (lambda: figures.Case("x", "conv2d", (4, 4, 1), image=((1, 2),)), "image must have the size"),
        (lambda: figures.Case("x", "conv2d_transpose", (2, 2, 3)), "one channel and one filter"),
        (lambda: figures.Case("x", "spatially_separable", (4, 4, 2)), "drawn on one channel"),
        (lambda: figures.still(figures.Case("x", "conv2d", (9, 9, 64))), "at most 128 weights, got 576"),
        (lambda: figures.still(figures.Case("x", "conv2d", (2, 2, 1), 3)), "kernel_size must fit"),
        (lambda: figures.still(figures.Case("x", "conv2d", (4, 4, 3), groups=2)), "groups must divide"),
        (
            lambda: figures.still(
                figures.Case("x", "spatially_separable", (4, 4, 1), 2, kernel=((1, 0), (0, 1)))
            ),
            "kernel must be a column times a row",
        ),
        (
            lambda: figures.still(
                figures.Case("x", "spatially_separable", (4, 4, 1), 2, kernel=((0, 0), (0, 0)))
            ),
            "a number other than 0",
        ),
        (lambda: figures.images([np.eye(3)]), "alt must say in words"),
        (lambda: figures.images([np.eye(3)], alt="  "), "alt must say in words"),
        (lambda: figures.images([np.eye(3)], alt=["a", "b"]), "alt must be as many as arrays"),
        (lambda: figures.images([np.eye(3)], titles=[], alt="a"), "titles must be as many as arrays"),
        (lambda: figures.images([], alt="a"), "at least one picture"),
        (lambda: figures.images([np.ones((2, 2, 4))], alt="a"), "got shape \\(2, 2, 4\\)"),
        (lambda: figures.images([np.full((2, 2), np.nan)], alt="a"), "finite numbers"),
        (lambda: figures.heatmap(np.ones((2, 12))), "1 to 11 columns"),
        (lambda: figures.channel_diagram("deep"), "kinds must be of"),
        (lambda: figures.connections("deep"), "kinds must be of"),
        (lambda: figures.connections(kernel_size=4), "kernel_size must be 1 to 3, got 4"),
        (lambda: figures.connections(inputs=2), "kernel_size must be 1 to 2, got 3"),
        (lambda: figures.connections(inputs=12), "inputs must be at most 11, got 12"),
        (lambda: figures.lines([1], {"a": [1]}, alt=""), "alt must say in words"),
        (lambda: figures.lines([1], {"a": [1, 2]}, alt="a"), "as many values as x"),
        (lambda: figures.lines([1], {}, alt="a"), "series must be 1 to 4"),
        (lambda: figures.tradeoff({}, {}, alt="a"), "families must be 1 to 4"),
        (lambda: figures.tradeoff({"a": [(1, 2)]}, {"b": (0, 1)}, alt="a"), "every x must be positive"),
        (lambda: figures.tradeoff({"a": [(1, 2)]}, {}, alt=" "), "alt must say in words"),
        (lambda: figures.bars({}, alt="a"), "at least one bar"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_sizes_drawn_are_those_of_the_geometry():
    case = figures.CASES["non-square"]
    step = compute_steps(case)[0]
    sizes = [
        ops.output_size(n, k, s, case.padding)
        for n, k, s in zip(case.input_shape[:2], case.kernel_size, case.strides, strict=True)
    ]
    assert list(step.y.shape[:2]) == sizes
    drawn = ElementTree.fromstring(figures.still(case).svg).findall(f"{SVG}g/{SVG}svg")[1]
    texts = next(g for g in drawn.findall(f"{SVG}g") if "sc-numbers" in g.get("class")).findall(f"{SVG}text")
    assert [len({t.get(axis) for t in texts}) for axis in ("y", "x")] == sizes


def drawn_matrix(figure, inputs):
    """Numbers in the matrix of a drawing of connections, by position; 0 where a cell is empty."""
    root = ElementTree.fromstring(figure.svg)
    cells = [r for r in root.iter(f"{SVG}rect") if r.get("class", "").startswith("sc-")]
    texts = {
        (float(t.get("x")), float(t.get("y"))): int(t.text)
        for t in root.iter(f"{SVG}text")
        if t.get("class") == "sc-number"
    }
    numbers = [texts.get((float(c.get("x")) + 12, float(c.get("y")) + 12), 0) for c in cells]
    return np.reshape(numbers, (-1, inputs))


def test_the_shared_weights_drawn_are_the_matrix_of_the_convolution():
    shared = drawn_matrix(figures.connections("shared", inputs=9, kernel_size=3), 9)
    kernel = np.array([1, 2, 3]).reshape(1, 3, 1, 1)
    np.testing.assert_array_equal(shared, ops.conv_matrix((1, 9, 1), kernel).toarray())


@pytest.mark.parametrize(("kind", "weights"), [("dense", 48), ("local", 18), ("shared", 3)])
def test_connections_have_a_line_for_each_and_a_number_for_each_weight(kind, weights):
    figure = figures.connections(kind)
    matrix = drawn_matrix(figure, 8)
    assert set(matrix.ravel()) - {0} == set(range(1, weights + 1))
    assert figure.html.count("<line ") == np.count_nonzero(matrix) == (48 if kind == "dense" else 18)
    assert f"{weights} weights" in figure.alt
    if kind == "local":
        np.testing.assert_array_equal(matrix > 0, drawn_matrix(figures.connections("shared"), 8) > 0)


def test_bars_of_a_channel_diagram_are_as_long_as_the_macs():
    figure = figures.channel_diagram(("dense", "depthwise", "pointwise"), (7, 7, 3), 32, 3, bars=True)
    root = ElementTree.fromstring(figure.svg)
    bars = [float(r.get("width")) for r in root.iter(f"{SVG}rect") if r.get("height") == "14"]
    np.testing.assert_allclose(np.divide(bars, bars[0]), np.divide([21_600, 675, 2_400], 21_600), atol=1e-3)
    assert 'height="14"' not in figures.channel_diagram("dense").svg
