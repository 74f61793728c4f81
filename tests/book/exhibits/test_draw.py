"""What is drawn is prepared as MNIST was, and read as Keras reads it."""

import base64
import json
from itertools import pairwise

import keras
import numpy as np
import pytest
from keras import layers

from sepconv import export, models
from sepconv.data import digits
from sepconv.drawing import drawing_data
from sepconv.export import ExportError

pytestmark = pytest.mark.browser
RUN = """async ([network, image]) => {
  const { runner } = await import("exhibits/arithmetic/network.js");
  const outputs = runner(network)({ shape: [28, 28, 1], data: Float64Array.from(image) });
  return outputs.map((y) => [y.shape, [...y.data]]);
}"""


def varied():
    """Every kind of step that can be written."""
    inputs = keras.Input((28, 28, 1))
    x = layers.Conv2D(8, 3, strides=2, padding="same", activation="relu", dilation_rate=1)(inputs)
    x = layers.BatchNormalization(scale=False)(x)
    again = layers.SeparableConv2D(8, 3, padding="same", use_bias=False)
    x = layers.Add()([x, again(x)])
    x = layers.Activation("silu")(again(x))
    x = layers.MaxPooling2D(2)(x)
    x = layers.Conv2D(8, 3, groups=1, dilation_rate=2, padding="same")(x)
    x = layers.ReLU(6.0)(layers.DepthwiseConv2D(3, depth_multiplier=2)(x))
    x = layers.AveragePooling2D(2, strides=1, padding="same")(layers.Dropout(0.5)(x))
    side = layers.Dense(5)(layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, layers.Softmax()(layers.Dense(10)(side)), name="varied")


def shaken(model, seed):
    """Give every weight a value of its own, moving statistics too."""
    rng = np.random.default_rng(seed)
    model.set_weights([w + np.abs(rng.normal(0, 0.2, w.shape)) for w in model.get_weights()])
    return model


def half_champion():
    return models.champion(690)


@pytest.mark.parametrize(
    "build", [models.mnist_dense, models.mnist_separable, models.champion, half_champion, varied]
)
def test_the_page_computes_what_keras_computes(modules, build):
    model = build() if build in (models.champion, half_champion) else shaken(build(), 3)
    image = np.random.default_rng(1).random((28, 28, 1))
    written = export.network(model)
    outputs = modules.evaluate(RUN, [written, image.ravel().tolist()])
    probabilities = np.asarray(model(image[None].astype("float32")))[0]
    np.testing.assert_allclose(outputs[-1][1], probabilities, atol=1e-5)
    assert written["parameters"] == model.count_params()
    assert json.loads(json.dumps(written)) == written
    kinds = [step["kind"] for step in written["steps"]]
    assert len(kinds) == len(outputs)
    if build is models.mnist_separable:
        assert kinds.count("depthwise") == 3


def test_a_wrong_weight_would_be_seen(modules):
    model = shaken(models.mnist_separable(), 4)
    image = np.random.default_rng(1).random((28, 28, 1))
    before = modules.evaluate(RUN, [export.network(model), image.ravel().tolist()])[-1][1]
    weights = model.get_weights()
    weights[-2] = -weights[-2]  # of the dense layer
    model.set_weights(weights)
    after = modules.evaluate(RUN, [export.network(model), image.ravel().tolist()])[-1][1]
    assert np.abs(np.subtract(before, after)).max() > 1e-4


def test_what_cannot_be_written_is_named():
    inputs = keras.Input((28, 28, 1))
    with pytest.raises(ExportError, match="odd: a LayerNormalization cannot be written"):
        export.network(keras.Model(inputs, layers.LayerNormalization(name="odd")(inputs)))
    with pytest.raises(ExportError, match=r"odd: activation must be one of .* got 'gelu'"):
        export.network(keras.Model(inputs, layers.Conv2D(2, 3, activation="gelu", name="odd")(inputs)))


def prepared(strokes, pen=1.1):
    """The same preparation in NumPy: a digit within 20×20, its centre of mass in the middle."""
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    scale = (20 - 2 * pen) / (high - low).max()

    def ink(shift):
        rows, columns = np.mgrid[0:28, 0:28] + 0.5
        near = np.full((28, 28), np.inf)
        for stroke in strokes:
            for a, b in pairwise((stroke - (low + high) / 2) * scale + 14 + shift):
                d = b - a
                t = np.clip(((columns - a[0]) * d[0] + (rows - a[1]) * d[1]) / max(d @ d, 1e-12), 0, 1)
                near = np.minimum(near, np.hypot(columns - a[0] - t * d[0], rows - a[1] - t * d[1]))
        return np.clip(pen + 0.5 - near, 0, 1), rows, columns

    image, rows, columns = ink(np.zeros(2))
    centre = np.array([(image * columns).sum(), (image * rows).sum()]) / image.sum()
    return ink(14 - centre)[0]


@pytest.mark.parametrize("seed", range(5))
def test_strokes_are_prepared_as_mnist_was(modules, seed):
    rng = np.random.default_rng(seed)
    strokes = [rng.random((int(rng.integers(2, 8)), 2)) * 200 + 20 for _ in range(int(rng.integers(1, 4)))]
    image = modules.evaluate(
        """async (strokes) => {
          const { prepare } = await import("exhibits/arithmetic/prepare.js");
          return [...prepare(strokes).data];
        }""",
        [stroke.tolist() for stroke in strokes],
    )
    np.testing.assert_allclose(np.reshape(image, (28, 28)), prepared(strokes), atol=1e-9)


@pytest.fixture
def draw(opened):
    """Open the drawing page."""
    return opened("draw")


def percentages(page):
    return [
        [float(t.split()[0]) for t in table.locator(".draw-percent").all_inner_texts()]
        for table in page.locator(".draw-network table").all()
    ]


def of_keras(image):
    networks = [
        models.pretrained("mnist_dense"),
        models.pretrained("mnist_separable"),
        *map(models.champion, models.CHAMPIONS),
    ]
    return [np.asarray(network(image[None, :, :, None].astype("float32")))[0] for network in networks]


THREE = np.array(
    [(90, 60), (140, 50), (190, 70), (190, 110), (140, 130), (195, 160), (190, 210), (140, 235), (85, 215)]
)


def test_a_drawn_digit_gets_keras_probabilities(draw):
    box = draw.locator(".draw-pad").bounding_box()
    points = THREE.tolist()
    draw.mouse.move(box["x"] + points[0][0], box["y"] + points[0][1])
    draw.mouse.down()
    for x, y in points[1:]:
        draw.mouse.move(box["x"] + x, box["y"] + y)
    draw.mouse.up()
    draw.wait_for_function("document.querySelector('.draw-answer').textContent !== '–'")
    for shown, expected in zip(percentages(draw), of_keras(prepared([THREE.astype(float)])), strict=True):
        np.testing.assert_allclose(shown, 100 * expected, atol=0.06)
    assert draw.locator("[aria-live=polite].exhibit-spoken").inner_text().startswith("Dense: ")


def test_a_real_digit_gets_keras_probabilities_to_four_places(draw, modules):
    data = json.loads(draw.locator("#draw-data").text_content())
    sample = data["samples"][0]
    draw.locator(".draw-samples button").first.click()
    image = np.frombuffer(base64.b64decode(sample["pixels"]), np.uint8).reshape(28, 28) / 255
    for network, expected in zip(data["networks"], of_keras(image), strict=True):
        outputs = modules.evaluate(RUN, [network, image.ravel().tolist()])
        np.testing.assert_allclose(outputs[-1][1], expected, atol=1e-4)
    for shown, expected in zip(percentages(draw), of_keras(image), strict=True):
        np.testing.assert_allclose(shown, 100 * expected, atol=0.06)


def test_an_empty_pad_says_so_and_classifies_nothing(draw):
    assert "Nothing is drawn yet" in draw.locator(".draw-empty").inner_text()
    assert set(draw.locator(".draw-answer").all_inner_texts()) == {"–"}
    draw.locator(".draw-samples button").first.click()
    assert draw.locator(".draw-empty").inner_text() == ""
    draw.get_by_role("button", name="Clear").click()
    assert set(draw.locator(".draw-answer").all_inner_texts()) == {"–"}


def test_the_pad_draws_by_keyboard_and_takes_back(draw):
    draw.locator(".draw-pad").focus()
    for key in ["ArrowUp"] * 5 + [" "] + ["ArrowDown"] * 10 + [" "]:
        draw.keyboard.press(key)
    assert set(draw.locator(".draw-answer").all_inner_texts()) != {"–"}
    draw.keyboard.press("Backspace")
    assert set(draw.locator(".draw-answer").all_inner_texts()) == {"–"}


PAD = "() => document.querySelector('.draw-pad').toDataURL()"


def stroke(page, x):
    """Draw a line down, so many pixels from the left."""
    page.locator(".draw-pad").scroll_into_view_if_needed()
    box = page.locator(".draw-pad").bounding_box()
    page.mouse.move(box["x"] + x, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + x + 5, box["y"] + 120, steps=4)
    page.mouse.up()
    page.mouse.move(0, 0)


def test_undo_gives_back_real_digits_strokes_and_what_clear_removed(draw):
    undo = draw.get_by_role("button", name="Undo")
    assert undo.is_disabled(), "nothing is there yet"
    real = draw.locator(".draw-samples button")

    def state():
        draw.evaluate("() => document.activeElement.blur()")
        pressed = [button.get_attribute("aria-pressed") for button in real.all()]
        return draw.evaluate(PAD), draw.locator(".draw-answer").all_inner_texts(), pressed

    states = [state()]
    clear = draw.get_by_role("button", name="Clear")
    for change in (
        lambda: stroke(draw, 60),
        lambda: real.nth(2).click(),
        lambda: real.nth(5).click(),
        clear.click,
        lambda: stroke(draw, 60),
        lambda: stroke(draw, 100),
        clear.click,
    ):
        change()
        states.append(state())
    clear.click()  # which changes nothing
    real.nth(1).click()
    real.nth(1).click()  # nor does the same again
    for n, before in enumerate(reversed(states)):
        if n % 2:
            draw.locator(".draw-pad").focus()
            draw.keyboard.press("Backspace" if n % 4 == 1 else "Control+z")
        else:
            undo.click()
        assert state() == before
    assert undo.is_disabled()
    spoken = draw.locator("[aria-live=polite].exhibit-spoken").inner_text()
    assert spoken == "", "the empty pad has no answer"


def test_a_stroke_that_is_taken_back_while_the_mouse_is_down_goes_no_further(draw):
    box = draw.locator(".draw-pad").bounding_box()
    draw.mouse.move(box["x"] + 40, box["y"] + 40)
    draw.mouse.down()
    draw.mouse.move(box["x"] + 60, box["y"] + 60)
    draw.keyboard.press("Backspace")
    draw.mouse.move(box["x"] + 90, box["y"] + 90)
    draw.mouse.up()
    assert draw.locator(".draw-answer").all_inner_texts() == ["–"] * 4


PLACES = """async () => {
  document.activeElement.blur();
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return [...document.querySelectorAll(".exhibit *, .exhibit ~ *")]
    .filter((one) => one.checkVisibility() && !one.closest(".draw-track, .exhibit-spoken, .draw-empty"))
    .map((one) => [one.tagName, one.getBoundingClientRect()])
    .map(([name, { left, top }]) => [name, Math.round(left), Math.round(top + scrollY)]);
}"""


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("name", ["index", "draw"])
def test_nothing_moves_when_the_pad_is_cleared_and_drawn_on(opened, name, width):
    page = opened(name, width=width)
    page.evaluate("() => document.querySelectorAll('details.draw-steps').forEach((one) => (one.open = true))")
    page.get_by_role("button", name="Clear").click()
    empty = page.evaluate(PLACES)
    stroke(page, 60)
    page.wait_for_function("() => document.querySelector('.draw-answer').textContent !== '–'")
    assert page.evaluate(PLACES) == empty


def test_maps_of_colours_have_no_numbers_and_as_many_in_each_row(opened):
    page = opened("draw")
    page.locator(".draw-samples button").first.click()
    page.evaluate("() => document.querySelectorAll('details.draw-steps').forEach((one) => (one.open = true))")
    for maps in page.locator(".draw-map").all():
        tops = maps.locator("canvas").evaluate_all("all => all.map((one) => one.getBoundingClientRect().top)")
        many = [tops.count(top) for top in sorted(set(tops))]
        assert max(many) <= 8
        assert max(many) - min(many) <= 1, many
    # Where nothing is written, a map has one colour for each cell and one for its lines.
    many = page.locator(".draw-map canvas").evaluate_all("""all => all.slice(25, 57).map((one) => {
      const { data } = one.getContext("2d").getImageData(0, 0, one.width, one.height);
      const dots = Array.from({ length: data.length / 4 }, (_, n) => data.slice(4 * n, 4 * n + 4).join());
      return new Set(dots).size;
    })""")
    assert len(many) == 32
    assert max(many) < 20


def test_a_pen_that_only_moves_leaves_a_real_digit_and_its_answers(draw):
    draw.locator(".draw-samples button").first.click()
    before = draw.locator(".draw-answer").all_inner_texts()
    draw.locator(".draw-pad").focus()
    for key in ("ArrowUp", "ArrowLeft"):
        draw.keyboard.press(key)
    assert draw.locator(".draw-answer").all_inner_texts() == before != ["–"] * len(before)
    assert draw.locator(".draw-empty").inner_text() == ""
    draw.keyboard.press(" ")  # a dot of one's own
    draw.wait_for_function(
        "texts => JSON.stringify([...document.querySelectorAll('.draw-answer')].map(e => e.innerText)) "
        "!== JSON.stringify(texts)",
        arg=before,
    )


def test_every_map_is_shown_depthwise_and_pointwise_apart(draw):
    draw.locator(".draw-samples button").first.click()
    details = draw.locator("details.draw-steps").nth(1)
    details.locator("summary").click()
    details.locator("canvas").last.wait_for()
    titles = details.locator("h4").all_inner_texts()
    assert sum(title.startswith("depthwise") for title in titles) == 3
    assert sum(title.startswith("pointwise") for title in titles) == 3
    assert details.locator("canvas").count() == 1 + 1 + 8 + 8 + 16 + 16 + 32 + 1 + 1


@pytest.mark.parametrize("width", [1280, 768, 360])
@pytest.mark.parametrize("name", ["draw", "index"])
def test_all_answers_stand_beside_the_pad(opened, name, width):
    page = opened(name, "", width, 740)
    pad = page.locator(".draw-pad").bounding_box()
    answers = [answer.bounding_box() for answer in page.locator(".draw-badge").all()]
    assert len(answers) == {"draw": 4, "index": 2}[name]
    for box in answers:
        assert box["x"] >= pad["x"] + pad["width"]
        assert pad["y"] - 1 <= box["y"]
        assert box["y"] + box["height"] <= pad["y"] + pad["height"] + 40
    assert pad["y"] + pad["height"] < 740  # on the first screen
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_first_page_begins_with_a_digit_that_gives_way_to_what_is_drawn(opened):
    page = opened("index")
    assert page.locator(".draw-answer").all_inner_texts() != ["–", "–"]
    assert page.locator(".draw-network").nth(0).locator("canvas").count() == 8 + 16 + 32
    assert page.locator(".draw-network").nth(1).locator("canvas").count() == 1 + 8 + 8 + 16 + 16 + 32
    ink = """() => {
      const pad = document.querySelector(".draw-pad"), all = pad.getContext("2d");
      return all.getImageData(0, 0, pad.width, pad.height).data.filter((v, n) => n % 4 === 3 && v).length;
    }"""
    begun = page.evaluate(ink)
    assert begun > 0
    box = page.locator(".draw-pad").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.up()
    assert 0 < page.evaluate(ink) < begun / 4  # one dot
    page.get_by_role("button", name="Clear").click()
    assert page.evaluate(ink) == 0
    assert page.locator(".draw-answer").all_inner_texts() == ["–", "–"]


def test_what_is_found_is_written_with_the_networks():
    networks = {"Dense": models.pretrained("mnist_dense"), "Separable": models.pretrained("mnist_separable")}
    data = drawing_data(networks, 8)
    assert json.loads(json.dumps(data)) == data
    assert [network["title"] for network in data["networks"]] == list(networks)
    least = 0.8 if digits().is_mnist else 0.4  # the networks have learned MNIST's
    assert all(least < network["accuracy"] < 0.95 for network in data["networks"])
    images = [np.frombuffer(base64.b64decode(s["pixels"]), np.uint8).reshape(28, 28) for s in data["samples"]]
    assert len(images) == 8
    inputs = np.stack(images)[..., None] / 255
    answers = {name: network.predict(inputs, verbose=0).argmax(-1) for name, network in networks.items()}
    for i, sample in enumerate(data["samples"]):
        right = [name for name in networks if answers[name][i] == sample["label"]]
        assert sample["note"] == f"only {right[0]} classifies it correctly"
    with pytest.raises(ValueError, match="got 0 and 24"):
        drawing_data({})
    with pytest.raises(ValueError, match="got 2 and 0"):
        drawing_data(networks, 0)


@pytest.mark.parametrize("width", [320, 360, 540, 1280])
def test_every_networks_answer_is_seen_whole_beside_the_pad(opened, width):
    page = opened("draw", width=width)
    figure = page.locator('[data-exhibit="draw"]').first.bounding_box()
    names = page.locator(".draw-badge .draw-name").all()
    assert len(names) == 4
    for name in names:
        box = name.bounding_box()
        assert box["x"] + box["width"] <= figure["x"] + figure["width"] + 0.5
        assert name.evaluate("e => e.scrollWidth <= e.clientWidth")
