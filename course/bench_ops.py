"""Time of each operation of `sepconv.ops` against loops over pixels and against Keras."""

import json
import sys
import time

import keras
import numpy as np

from sepconv import ops

ROUNDS = 7
SIZE, CHANNELS, FILTERS, KERNEL = 32, 8, 16, 3


def conv2d(x, kernel):
    """Convolve by a loop over every number."""
    kh, kw, channels, filters = kernel.shape
    _, height, width, _ = x.shape
    y = np.zeros((1, height - kh + 1, width - kw + 1, filters))
    for place in np.ndindex(y.shape[1:3]):
        for f in range(filters):
            for i, j, c in np.ndindex(kh, kw, channels):
                y[0, *place, f] += x[0, place[0] + i, place[1] + j, c] * kernel[i, j, c, f]
    return y


def depthwise_conv2d(x, kernel):
    """Convolve each channel by itself, by a loop over every number."""
    kh, kw, channels, multiplier = kernel.shape
    _, height, width, _ = x.shape
    y = np.zeros((1, height - kh + 1, width - kw + 1, channels * multiplier))
    for place in np.ndindex(y.shape[1:3]):
        for i, j, c, m in np.ndindex(kernel.shape):
            y[0, *place, c * multiplier + m] += x[0, place[0] + i, place[1] + j, c] * kernel[i, j, c, m]
    return y


def conv2d_transpose(x, kernel):
    """Spread every input value over the output, by a loop over every number."""
    kh, kw, filters, _ = kernel.shape
    _, height, width, _ = x.shape
    y = np.zeros((1, height + kh - 1, width + kw - 1, filters))
    for place in np.ndindex(height, width):
        for i, j, f, c in np.ndindex(kernel.shape):
            y[0, place[0] + i, place[1] + j, f] += x[0, *place, c] * kernel[i, j, f, c]
    return y


def max_pool2d(x):
    """Take the largest of each window, by a loop over every window and channel."""
    _, height, width, channels = x.shape
    y = np.zeros((1, height // 2, width // 2, channels))
    for i, j, c in np.ndindex(y.shape[1:]):
        y[0, i, j, c] = max(x[0, 2 * i + a, 2 * j + b, c] for a in (0, 1) for b in (0, 1))
    return y


def cases():
    """Operations with their arguments: name, ours, loops, Keras' own."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(1, SIZE, SIZE, CHANNELS)).astype("float32")
    dense = rng.normal(size=(KERNEL, KERNEL, CHANNELS, FILTERS)).astype("float32")
    deep = rng.normal(size=(KERNEL, KERNEL, CHANNELS, 2)).astype("float32")
    turned = rng.normal(size=(KERNEL, KERNEL, FILTERS, CHANNELS)).astype("float32")
    k = keras.ops
    return [
        ("conv2d", (x, dense), ops.conv2d, conv2d, k.conv),
        ("depthwise_conv2d", (x, deep), ops.depthwise_conv2d, depthwise_conv2d, k.depthwise_conv),
        ("conv2d_transpose", (x, turned), ops.conv2d_transpose, conv2d_transpose, k.conv_transpose),
        ("max_pool2d", (x,), ops.max_pool2d, max_pool2d, lambda x: k.max_pool(x, 2)),
    ]


def seconds(function, arguments, least: float = 0.05) -> float:
    """Time of one call, from as many as fill `least` seconds."""
    calls, started = 0, time.perf_counter()
    while (passed := time.perf_counter() - started) < least:
        np.asarray(function(*arguments))
        calls += 1
    return passed / calls


def main() -> None:
    """Measure in rounds, every contestant in each, and print the medians of the ratios as JSON."""
    rows = []
    for name, arguments, ours, loops, theirs in cases():
        result = ours(*arguments)
        for other in (loops, theirs):
            np.testing.assert_allclose(result, other(*arguments), atol=1e-3)
        ratios = {"loops": [], "keras": []}
        for done in range(ROUNDS):
            print(f"\r{name}: round {done + 1} of {ROUNDS}  ", end="", file=sys.stderr, flush=True)
            own = seconds(ours, arguments)
            ratios["loops"].append(seconds(loops, arguments) / own)
            ratios["keras"].append(seconds(theirs, arguments) / own)
        rows.append({"operation": name} | {key: float(np.median(v)) for key, v in ratios.items()})
    print(file=sys.stderr)
    shapes = {"size": SIZE, "channels": CHANNELS, "filters": FILTERS, "kernel": KERNEL}
    print(json.dumps({"rounds": ROUNDS, "rows": rows} | shapes))


if __name__ == "__main__":
    main()
