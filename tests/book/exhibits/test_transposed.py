"""The figures of transposed convolution: overlaps, the matrix, trained decoders."""

import base64

import keras
import numpy as np
import pytest
from keras import layers

from sepconv import ops

pytestmark = pytest.mark.browser
OVERLAP = """async (cases) => {
  const { overlap, writers } = await import("exhibits/arithmetic/overlap.js");
  return cases.map((one) => {
    const found = overlap(...one);
    return { ...found, writers: found.counts.map((_, pixel) => writers(found.windows, pixel)) };
  });
}"""
MATRIX = """async (cases) => {
  const { convolvedAxis } = await import("exhibits/arithmetic/geometry.js");
  const { convolutionMatrix, transpose } = await import("exhibits/arithmetic/matrix.js");
  return cases.map(([sizes, kernel, strides, padding, dilation]) => {
    const axis = (n) => convolvedAxis(sizes[n], kernel[n], strides, padding, dilation);
    const plain = convolutionMatrix([axis(0), axis(1)]);
    return [plain, transpose(plain)];
  });
}"""
DECODE = """async ([stages, picture, period, rim]) => {
  const { decode, enlarge, pattern, rootMeanSquare, unpack } = await import("exhibits/arithmetic/decoder.js");
  const x = { shape: picture.shape, data: Float64Array.from(picture.data) };
  const unpacked = stages.map((layer) =>
    layer.kernel ? { ...layer, kernel: unpack(layer.kernel), bias: unpack(layer.bias).data } : layer,
  );
  const y = decode(unpacked, x);
  const by = rootMeanSquare(y, { shape: y.shape, data: y.data.map((v, n) => v + (n % 2 ? 3 : -3)) }, rim);
  const twice = [...enlarge(x).data];
  return { shape: y.shape, data: [...y.data], pattern: pattern(y, period, rim), by, twice };
}"""


def test_overlaps_are_those_of_a_layer_of_ones(modules):
    cases = [
        [size, kernel, strides] for size in (1, 5, 9) for kernel in range(1, 9) for strides in range(1, 5)
    ]
    for (size, kernel, strides), shown in zip(cases, modules.evaluate(OVERLAP, cases), strict=True):
        layer = layers.Conv2DTranspose(1, (1, kernel), strides=(1, strides), use_bias=False)
        layer.build((1, 1, size, 1))
        layer.set_weights([np.ones((1, kernel, 1, 1))])
        expected = np.asarray(layer(np.ones((1, 1, size, 1)))).ravel()
        assert shown["counts"] == expected.tolist(), (size, kernel, strides)
        one = ops.conv2d_transpose(
            np.eye(size)[:, None, :, None], np.ones((1, kernel, 1, 1)), strides=(1, strides)
        )
        for pixel, written_by in enumerate(shown["writers"]):
            assert written_by == np.flatnonzero(one[:, 0, pixel, 0]).tolist()
        if size == 9:
            assert shown["even"] == (kernel % strides == 0)
        for lane in range(shown["lanes"]):
            ends = np.ravel(shown["windows"][lane :: shown["lanes"]])
            assert (np.diff(ends) >= 0).all()  # none overlaps another in its row


def test_the_matrix_is_that_of_sepconv_and_multiplies_as_keras_convolves(modules):
    cases = [
        [[height, width], [3, 2], strides, padding, dilation]
        for height, width in ((5, 5), (5, 6))
        for strides, dilation in ((1, 1), (2, 1), (1, 2))
        for padding in ("valid", "same")
    ]
    rng = np.random.default_rng(0)
    for case, (plain, turned) in zip(cases, modules.evaluate(MATRIX, cases), strict=True):
        (height, width), kernel_size, strides, padding, dilation = case
        kernel = rng.normal(size=(*kernel_size, 1, 1))
        dense = np.zeros((plain["rows"], plain["columns"]))
        for entry in plain["entries"]:
            dense[entry["row"], entry["column"]] = kernel.ravel()[entry["weight"]]
        where = {"strides": strides, "padding": padding, "dilation_rate": dilation}
        np.testing.assert_allclose(dense, ops.conv_matrix((height, width, 1), kernel, **where).toarray())
        x = rng.normal(size=(1, height, width, 1))
        y = np.asarray(keras.ops.conv(x, kernel, strides, padding, dilation_rate=dilation))
        np.testing.assert_allclose(dense @ x.ravel(), y.ravel(), atol=1e-5)
        over = np.zeros((turned["rows"], turned["columns"]))
        for entry in turned["entries"]:
            over[entry["row"], entry["column"]] = kernel.ravel()[entry["weight"]]
        np.testing.assert_array_equal(over, dense.T)


def packed(array):
    scale = float(np.abs(array).max()) / 32767 or 1.0
    numbers = np.rint(array / scale).astype("<i2")
    written = {
        "scale": scale,
        "shape": list(array.shape),
        "numbers": base64.b64encode(numbers.tobytes()).decode(),
    }
    return scale * numbers.astype(float), written


def decoder(kernel, rng):
    """A network as the chapter's, and the same as the page's script reads it."""
    inputs = keras.Input((None, None, 1))
    x = layers.Conv2D(3, 3, padding="same", activation="relu")(inputs)
    for filters, activation in ((3, "relu"), (1, "linear")):
        if kernel is None:
            x = layers.UpSampling2D(interpolation="bilinear")(x)
            x = layers.Conv2D(filters, 3, padding="same", activation=activation)(x)
        else:
            x = layers.Conv2DTranspose(filters, kernel, strides=2, padding="same", activation=activation)(x)
    model, stages = keras.Model(inputs, x), []
    for layer in model.layers[1:]:
        if not layer.weights:
            stages.append({"kind": "enlarge"})
            continue
        rounded, written = zip(*(packed(rng.normal(size=w.shape)) for w in layer.weights), strict=True)
        layer.set_weights(rounded)
        kind = "transposed" if isinstance(layer, layers.Conv2DTranspose) else "conv"
        stages.append(
            {"kind": kind, "activation": layer.activation.__name__, "kernel": written[0], "bias": written[1]}
        )
    return model, stages


@pytest.mark.parametrize("kernel", [2, 3, 4, 5, None])
def test_a_decoder_gives_keras_numbers(modules, kernel):
    rng = np.random.default_rng(kernel)
    model, stages = decoder(kernel, rng)
    x = rng.random((1, 6, 8, 1)).astype("float32")
    picture = {"shape": [6, 8, 1], "data": x.ravel().tolist()}
    shown = modules.evaluate(DECODE, [stages, picture, 4, 4])
    y = np.asarray(model(x))[0]
    assert shown["shape"] == list(y.shape)
    np.testing.assert_allclose(np.reshape(shown["data"], y.shape), y, atol=1e-4)
    inner = np.reshape(shown["data"], y.shape)[4:-4, 4:-4, 0]
    means = [inner[i::4, j::4].mean() for i in range(4) for j in range(4)]
    assert shown["pattern"] == pytest.approx(np.std(means), abs=1e-9)
    assert shown["by"] == pytest.approx(3)
    np.testing.assert_allclose(shown["twice"], ops.upsample_bilinear2d(x).ravel(), atol=1e-6)


def test_sliders_say_whether_pixels_are_written_equally_often(live_figure):
    page = live_figure("checkerboard", {"kernel": 3, "strides": 2})
    verdict = page.locator(".live-say").first
    assert verdict.inner_text().startswith(
        "3 is no multiple of 2: inside, pixels are written 1, 2 or 4 times."
    )
    page.get_by_label("kernel_size").fill("4")
    page.wait_for_function(
        "document.querySelector('.live-say').textContent.startsWith('4 is a multiple of 2')"
    )
    assert "every pixel is written 4 times" in verdict.inner_text()
    page.get_by_label("kernel_size").fill("2")
    page.wait_for_function(
        "document.querySelector('.live-say').textContent.startsWith('As wide as its step: every pixel')"
    )
    page.get_by_label("kernel_size").fill("1")
    page.wait_for_function("document.querySelector('.live-say').textContent.includes('never written')")


def test_a_pixel_is_chosen_by_mouse_and_by_keyboard(live_figure):
    page = live_figure("checkerboard", {"kernel": 3, "strides": 2})
    detail = page.locator(".checkerboard-detail")
    assert detail.inner_text() == "Row 4, column 4: 2 × 2 = 4 windows."
    page.locator(".checkerboard-drawing").focus()
    page.keyboard.press("ArrowRight")
    assert detail.inner_text() == "Row 4, column 5: 2 × 1 = 2 windows."
    box = page.locator(".checkerboard-drawing").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    assert detail.inner_text() == "Row 0, column 0: 1 × 1 = 1 window."
    assert page.locator(".checkerboard-writes").get_attribute("data-windows") == "1"


TWO = {
    "kernel": [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
    "cases": [{"size": 4, "strides": 1}, {"size": 5, "strides": 2}],
}


def test_a_row_lights_its_window_and_the_transpose_its_values(live_figure):
    page = live_figure("matrix", TWO, reduced_motion="reduce")
    say = page.locator(".live-say")
    page.locator(".matrix-drawing").focus()
    page.keyboard.press("ArrowDown")
    assert say.inner_text().startswith(
        "Row 1 makes (0, 1) of the result, from the picture: 1·(0, 1) + 2·(0, 2)"
    )
    assert page.locator(".matrix-lit .matrix-weight").count() == 9
    page.get_by_role("button", name="Transpose").click()
    assert page.get_by_role("button", name="Transpose").get_attribute("aria-pressed") == "true"
    page.locator(".matrix-drawing").focus()
    for _ in range(5):
        page.keyboard.press("ArrowDown")
    assert say.inner_text() == (
        "Row 5 makes (1, 1) of the picture, from the result: 5·(0, 0) + 4·(0, 1) + 2·(1, 0) + 1·(1, 1)"
    )
    places = page.eval_on_selector_all(".matrix-entry", "all => all.map((g) => g.style.transform)")
    assert len(set(places)) == 64
    page.get_by_label("5×5, strides 2").check()
    assert page.locator(".matrix-entry").count() == 100


@pytest.mark.parametrize("transposed", [False, True])
def test_the_row_under_the_pointer_is_chosen(live_figure, transposed):
    page = live_figure("matrix", TWO, reduced_motion="reduce")
    if transposed:
        page.get_by_role("button", name="Transpose").click()
    box = page.locator(".matrix-drawing").bounding_box()
    cell = box["width"] / 16.3
    page.mouse.move(box["x"] + 2.5 * cell, box["y"] + 3.5 * cell)
    assert page.locator(".live-say").inner_text().startswith("Row 3 makes")


def handed(rng):
    model, stages = decoder(3, rng)
    picture = np.uint8(rng.integers(0, 256, (16, 16)))
    large = np.uint8(rng.integers(0, 256, (64, 64)))

    def shown(pixels):
        written = base64.b64encode(pixels.tobytes()).decode()
        return {"shape": [*pixels.shape, 1], "pixels": written}

    data = {
        "decoders": [{"name": name, "moments": [stages, stages[:1] + stages[1:]]} for name in "abcd"],
        "steps": [0, 70], "at": 1, "period": 4, "rim": 8, "grey": 0.8,
        "small": shown(picture), "large": shown(large),
    }  # fmt: skip
    return model, picture, large, data


def test_decoders_show_what_keras_gives(live_figure):
    model, picture, large, data = handed(np.random.default_rng(3))
    page = live_figure("decoders", data)
    y = np.asarray(model(picture[None, :, :, None] / np.float32(255)))[0, :, :, 0]
    error = np.sqrt(np.mean((y - large / 255)[8:-8, 8:-8] ** 2))
    panels = page.locator(".decoders-panel")
    assert panels.count() == 6
    assert f"error {error:.3f}" in panels.nth(2).inner_text()
    page.get_by_label("even surface").check()
    flat = np.asarray(model(np.full((1, 16, 16, 1), 0.8, "float32")))[0, 8:-8, 8:-8, 0]
    means = [flat[i::4, j::4].mean() for i in range(4) for j in range(4)]
    assert f"pattern {np.std(means):.4f}" in panels.nth(2).inner_text()
    assert "pattern 0.0000" in panels.nth(1).inner_text()
    assert page.get_by_label("steps of training").get_attribute("aria-valuetext") == "70"


@pytest.mark.parametrize(("width", "columns"), [(1280, 3), (360, 2)])
def test_panels_leave_no_orphan_and_draw_whole_pixels(live_figure, width, columns):
    *_, data = handed(np.random.default_rng(3))
    page = live_figure("decoders", data, width)
    lefts = page.eval_on_selector_all(
        ".decoders-panel", "all => all.map((p) => p.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == columns
    side = page.locator(".decoders-picture").first.bounding_box()["width"]
    assert side % 64 == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_controls_and_all_decoders_are_on_one_screen_of_a_phone(live_figure):
    *_, data = handed(np.random.default_rng(3))
    page = live_figure("decoders", data, 360)
    page.add_style_tag(content="html { font: 16px/1.65 system-ui } body { margin: 0 16px }")
    page.evaluate("document.body.className = 'bd-article'")
    top = page.locator(".live-top").bounding_box()
    end = page.locator(".decoders-panels").bounding_box()
    assert end["y"] + end["height"] - top["y"] < 740 - 56  # below the page's own bar


def test_without_scripts_and_in_a_notebook_the_still_is_there(live_figure):
    page = live_figure("matrix", TWO, java_script_enabled=False)
    assert page.get_by_role("img", name="Two pixels, the second one white.").is_visible()
