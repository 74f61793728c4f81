"""The explorer computes what Keras and sepconv compute, and refuses what Keras refuses."""

import itertools
import json
import os
import re
import subprocess
import sys
from itertools import pairwise

import keras
import numpy as np
import pytest
from keras import layers
from matplotlib.colors import to_rgb

from sepconv import cost, ops
from tests.book.exhibits.conftest import BOOK

pytestmark = pytest.mark.browser
PADDINGS = ("valid", "same")
# What TensorFlow says of what it computes on some processors only, where oneDNN has it and its own
# code has not. The tests below compare all settings with `sepconv`.
NOT_HERE = re.compile("Current (CPU )?implementations? (only supports|do not yet support)")
# What the explorer shows of a setting, all at once.
SHOW = """async (settings) => {
  const { standard } = await import("exhibits/explorer/setting.js");
  const compute = await import("exhibits/explorer/compute.js");
  const { costs, effective, kerasCode, needsOneDnn, refusal, stagesOf, termsOf } = compute;
  return settings.map((given) => {
    const s = effective({ ...standard(), ...given });
    const shown = { code: kerasCode(s), refusal: refusal(s), caution: needsOneDnn(s) };
    if (shown.refusal) return shown;
    const stages = stagesOf(s);
    const plain = (t) => ({ shape: t.shape, data: [...t.data] });
    shown.stages = stages.map((st) => ({ x: plain(st.x), kernel: plain(st.kernel), y: plain(st.y) }));
    shown.costs = costs(s, stages);
    // Each stage's last cell once more, as the sum that is written out.
    shown.sums = stages.map((st) => {
      const cell = st.y.shape.map((n) => n - 1);
      return termsOf(st, cell).reduce((sum, term) => sum + term.value * term.weight, 0);
    });
    return shown;
  });
}"""


def array(plain):
    return np.array(plain["data"], float).reshape(plain["shape"])


def random_setting(rng, mode):
    def two(most):
        return (
            [int(n) for n in rng.integers(1, most + 1, 2)]
            if rng.random() < 0.3
            else [int(rng.integers(1, most + 1))] * 2
        )

    size = [*(int(n) for n in rng.integers(1, 13, 2)), int(rng.integers(1, 5))]
    setting = {
        "mode": mode,
        "size": size,
        "kernel": two(4),
        "strides": two(3) if rng.random() < 0.6 else [1, 1],
        "padding": str(
            rng.choice(["valid", "same"] if mode == "transposed" else ["valid", "same", "explicit"])
        ),
        "zeros": [int(n) for n in rng.integers(0, 3, 4)],
        "dilation": two(3) if rng.random() < 0.3 else [1, 1],
        "groups": int(rng.integers(1, 4)) if mode == "conv2d" else 1,
        "multiplier": int(rng.integers(1, 4)),
        "filters": int(rng.integers(1, 7)),
        "bias": bool(rng.integers(2)),
        "input": str(rng.choice(["house", "numbers", "ramp", "checks", "edge", "spot"])),
        "weights": str(rng.choice(["mixed", "sobel", "blur", "laplace", "sharpen", "identity", "ones"])),
        "edits": {"x.0.0.0": float(rng.integers(-9, 9)), "k0.0.0.0.0": float(rng.integers(-3, 3))},
    }
    if mode == "transposed" and rng.random() < 0.4:
        setting["outputPadding"] = [int(n) for n in rng.integers(0, 3, 2)]
    return setting


def in_keras_layout(layer, stages):
    kernels = [array(stage["kernel"]) for stage in stages]
    if isinstance(layer, layers.Conv2DTranspose):
        return [kernels[0].transpose(0, 1, 3, 2)]
    if isinstance(layer, layers.DepthwiseConv2D | layers.SeparableConv2D):
        kh, kw, _, filters = kernels[0].shape
        channels = stages[0]["x"]["shape"][2]
        kernels[0] = kernels[0].reshape(kh, kw, channels, filters // channels)
    return kernels


def built(code):
    """Make the layers that the page's own line of code makes."""
    return [eval(line, {"layers": layers}) for line in code.splitlines()]


@pytest.mark.parametrize("mode", ["conv2d", "depthwise", "pointwise", "separable", "transposed"])
def test_the_line_of_keras_that_is_shown_gives_the_numbers_that_are_shown(modules, mode):
    rng = np.random.default_rng(len(mode))
    settings = [random_setting(rng, mode) for _ in range(120)]
    refused = compared = 0
    for setting, shown in zip(settings, modules.evaluate(SHOW, settings), strict=True):
        said = ""
        y = (
            np.zeros((1, *setting["size"]), "float32")
            if shown["refusal"]
            else array(shown["stages"][0]["x"])[None].astype("float32")
        )
        try:
            for layer in built(shown["code"]):
                if getattr(layer, "groups", 1) > 1 and not shown["refusal"]:
                    y = grouped(layer, y, shown["stages"], setting)
                    continue
                layer.build(y.shape)
                if layer.weights and not shown["refusal"]:
                    bias = [np.zeros(layer.bias.shape)] if setting["bias"] else []
                    layer.set_weights([*in_keras_layout(layer, shown["stages"]), *bias])
                    assert layer.count_params() == shown["costs"]["total"]["parameters"]
                y = np.asarray(layer(y))
        except ValueError as error:
            said = str(error)
        except Exception as error:  # TensorFlow, where Keras let an impossible output_padding pass
            said = f"TensorFlow: {error}"
        if shown["refusal"]:
            refused += 1
            assert said or y.size == 0, (
                f"Keras takes {shown['code']} on {setting['size']}, the explorer says {shown['refusal']}"
            )
            if said and not said.startswith("TensorFlow:") and "has this output size" not in shown["refusal"]:
                assert first_line(said) == shown["refusal"]
            continue
        if NOT_HERE.search(said):
            assert shown["caution"], f"{shown['code']} on {setting['size']}: {said}"
            continue
        compared += 1
        assert not said, f"Keras refuses {shown['code']} on {setting['size']}: {said}"
        np.testing.assert_allclose(
            array(shown["stages"][-1]["y"])[None], y, rtol=1e-5, atol=1e-4, err_msg=shown["code"]
        )
    if mode in ("conv2d", "transposed"):
        assert 10 < refused < 110
    assert compared > (len(settings) - refused) / 2


WITHOUT_ONEDNN = """
import json, sys
import numpy as np
from keras import layers

def refused(code):
    try:
        eval(code)(np.zeros((1, 12, 12, 2), "float32"))
    except Exception as error:
        return str(error)
    return ""

print(json.dumps([refused(code) for code in json.load(sys.stdin)]))
"""


def test_what_tensorflow_refuses_without_onednn_is_said_beside_the_line(modules):
    given = itertools.product(
        ("conv2d", "depthwise", "separable", "transposed"),
        ([1, 1], [2, 2], [1, 2]),
        ([1, 1], [2, 2], [1, 2]),
        ("valid", "same"),
    )
    settings = [
        {"mode": mode, "size": [12, 12, 2], "strides": strides, "dilation": dilation, "padding": padding}
        for mode, strides, dilation, padding in given
    ]
    shown = [one for one in modules.evaluate(SHOW, settings) if not one["refusal"]]
    answers = subprocess.run(
        [sys.executable, "-c", WITHOUT_ONEDNN],
        input=json.dumps([one["code"] for one in shown]),
        env={**os.environ, "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    for one, said in zip(shown, json.loads(answers.stdout), strict=True):
        assert bool(NOT_HERE.search(said)) == bool(said) == bool(one["caution"]), (one, said)
    assert 0 < sum(bool(one["caution"]) for one in shown) < len(shown) / 2


def first_line(text):
    return re.sub(r"\x1b\[[0-9;]*m", "", text).strip().splitlines()[0]


def grouped(layer, x, stages, setting):
    """Keras' grouped convolution, group by group: not every TensorFlow runs it in one piece."""
    kernel = array(stages[0]["kernel"])
    split = (np.split(x, layer.groups, -1), np.split(kernel, layer.groups, -1))
    parts = [
        keras.ops.conv(
            a.astype("float32"),
            k.astype("float32"),
            layer.strides,
            layer.padding,
            dilation_rate=layer.dilation_rate,
        )
        for a, k in zip(*split, strict=True)
    ]
    layer.build(x.shape)
    return np.concatenate([np.asarray(p) for p in parts], -1)


def ours(setting, shown):
    """The same by sepconv: output, parameters, MACs."""
    x, kernels = array(shown["stages"][0]["x"])[None], [array(s["kernel"]) for s in shown["stages"]]
    mode, bias = setting["mode"], setting["bias"]
    if setting["padding"] == "explicit" and mode != "pointwise":
        top, bottom, left, right = setting["zeros"]
        x = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    padding = "same" if setting["padding"] == "same" else "valid"
    where = {
        "strides": tuple(setting["strides"]),
        "padding": padding,
        "dilation_rate": tuple(setting["dilation"]),
    }
    size, shape, filters = tuple(setting["kernel"]), x.shape[1:], setting["filters"]
    if mode == "pointwise":
        return ops.pointwise_conv2d(x, kernels[0]), cost.pointwise_conv2d(shape, filters, bias)
    if mode == "conv2d":
        groups = setting["groups"]
        return ops.conv2d(x, kernels[0], **where, groups=groups), cost.conv2d(
            shape, filters, size, **where, groups=groups, use_bias=bias
        )
    if mode == "transposed":
        more = tuple(setting["outputPadding"]) if setting.get("outputPadding") else None
        y = ops.conv2d_transpose(x, kernels[0].transpose(0, 1, 3, 2), **where, output_padding=more)
        return y, cost.conv2d_transpose(shape, filters, size, **where, output_padding=more, use_bias=bias)
    multiplier = setting["multiplier"]
    depthwise = kernels[0].reshape(*size, shape[2], multiplier)
    if mode == "depthwise":
        return ops.depthwise_conv2d(x, depthwise, **where), cost.depthwise_conv2d(
            shape, size, multiplier, **where, use_bias=bias
        )
    both = cost.separable_conv2d(shape, filters, size, multiplier, **where, use_bias=bias)
    return ops.separable_conv2d(x, depthwise, kernels[1], **where), cost.total(both)


@pytest.mark.parametrize("mode", ["conv2d", "depthwise", "pointwise", "separable", "transposed"])
def test_a_thousand_settings_of_each_mode_equal_sepconv(modules, mode):
    rng = np.random.default_rng(1000 + len(mode))
    settings = [random_setting(rng, mode) for _ in range(1000)]
    compared = 0
    for setting, shown in zip(settings, modules.evaluate(SHOW, settings), strict=True):
        if shown["refusal"].startswith("`output_padding`"):
            continue  # the layer's rule; the operation below it, and ours, know only which sizes are possible
        if shown["refusal"]:
            with pytest.raises(ValueError):  # noqa: PT011 - each its own words
                refused_by_us(setting)
            continue
        y, counted = ours(setting, shown)
        mine = array(shown["stages"][-1]["y"])
        np.testing.assert_allclose(mine, y[0], rtol=1e-5, atol=1e-5)
        assert shown["costs"]["total"] == {"parameters": counted.parameters, "macs": counted.macs}
        for stage, total in zip(shown["stages"], shown["sums"], strict=True):
            assert total == pytest.approx(array(stage["y"])[-1, -1, -1], abs=1e-9)
        for before, after in pairwise(shown["stages"]):
            assert before["y"] == after["x"]
        compared += 1
    assert compared > 300


def refused_by_us(setting):
    """Ask sepconv for the same with a kernel of ones."""
    one = np.ones
    height, width, channels = setting["size"]
    kh, kw = setting["kernel"]
    groups = setting["groups"]
    share = max(1, channels // groups)
    kernels = {
        "conv2d": one((kh, kw, share, setting["filters"])),
        "transposed": one((kh, kw, setting["filters"], channels)),
        "depthwise": one((kh, kw, channels, setting["multiplier"])),
        "separable": one((kh, kw, channels, setting["multiplier"])),
    }
    stages = [{"x": {"data": one(height * width * channels), "shape": [height, width, channels]}}]
    stages[0]["kernel"] = {"data": kernels[setting["mode"]].ravel(), "shape": kernels[setting["mode"]].shape}
    if setting["mode"] == "transposed":
        stages[0]["kernel"]["shape"] = (kh, kw, channels, setting["filters"])
    more = channels * setting["multiplier"] * setting["filters"]
    stages.append(
        {"kernel": {"data": one(more), "shape": (1, 1, channels * setting["multiplier"], setting["filters"])}}
    )
    ours(setting, {"stages": stages})


INK_ON = """async (asked) => {
  const { clearest } = await import("exhibits/arithmetic/contrast.js");
  return asked.map((one) => clearest(...one));
}"""


def wcag(a, b):
    """The ratio of contrast of two colours in 0…1, as axe-core and WCAG 2 have it."""
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in (a, b)]
    low, high = sorted(float(c @ [0.2126, 0.7152, 0.0722]) for c in linear)
    return (high + 0.05) / (low + 0.05)


def test_numbers_on_a_map_are_written_in_the_ink_that_can_be_read(modules):
    css = "".join((BOOK / "_static" / name).read_text() for name in ("colours.css", "exhibits.css"))
    themes = {
        name: [re.findall(rf"--\w+-{name}: (#[0-9a-f]{{6}});", css)[at] for at in (0, 1)]
        for name in ("output", "positive", "negative", "zero", "text", "text-on-strong")
    }
    shares = np.linspace(0, 1, 41)
    asked = [
        (themes[colour][at], share, themes["zero"][at], [themes["text"][at], themes["text-on-strong"][at]])
        for at in (0, 1)
        for colour in ("output", "positive", "negative")
        for share in shares
    ]
    for (colour, share, paper, inks), ink in zip(
        asked, modules.evaluate(INK_ON, [[a, float(b), c, d] for a, b, c, d in asked]), strict=True
    ):
        mixed = share * np.array(to_rgb(colour)) + (1 - share) * np.array(to_rgb(paper))
        found = {each: wcag(mixed, np.array(to_rgb(each))) for each in inks}
        assert found[ink] == max(found.values())
        assert found[ink] > 4, (colour, share, ink)


def test_the_channels_of_a_picture_do_not_cancel_each_other(modules):
    several = (2, 3, 4, 8)
    asked = [
        {"size": [8, 8, channels], "input": picture, "weights": weights}
        for picture in ("house", "edge", "ramp", "checks")
        for weights in ("sobel", "laplace", "ones")
        for channels in (1, *several)
    ]
    is_seen = [any(shown["stages"][-1]["y"]["data"]) for shown in modules.evaluate(SHOW, asked)]
    groups = [is_seen[at : at + 1 + len(several)] for at in range(0, len(asked), 1 + len(several))]
    assert sum(first for first, *_ in groups) > len(groups) / 2
    for number, (first, *others) in enumerate(groups):
        assert not first or all(others), asked[number * (1 + len(several))]
