"""Comparison of the reference operations with a framework: inputs, tolerance, gradients."""

import numpy as np
import tensorflow as tf
from hypothesis import settings
from hypothesis import strategies as st

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
quick = settings(max_examples=40, deadline=None, derandomize=True)


def arrays(seed, *shapes, dtype="float64"):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def close(ours, theirs, dtype="float64"):
    theirs = np.asarray(theirs)
    assert ours.shape == theirs.shape
    assert ours.dtype == np.dtype(dtype)
    scale = max(1.0, float(np.abs(theirs).max(initial=0)))
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE[dtype] * scale)


def framework(function, upstream_seed, *inputs):
    """Output of a framework's function, an upstream gradient and the gradients of all inputs."""
    variables = [tf.Variable(x) for x in inputs]
    with tf.GradientTape() as tape:
        y = function(*variables)
        (upstream,) = arrays(upstream_seed, y.shape, dtype=inputs[0].dtype)
        loss = tf.reduce_sum(y * upstream)
    return y, upstream, tape.gradient(loss, variables)


sizes = st.tuples(st.integers(1, 9), st.integers(1, 9))
kernels = st.tuples(st.integers(1, 5), st.integers(1, 5))
paddings = st.sampled_from(["valid", "same"])
dtypes = st.sampled_from(["float32", "float64"])


@st.composite
def steps(draw):
    """Strides or dilation, or neither: Keras refuses both together."""
    which = draw(st.sampled_from(["neither", "strides", "dilation"]))
    two = draw(st.tuples(st.integers(1, 3), st.integers(1, 3)))
    return (two if which == "strides" else (1, 1)), (two if which == "dilation" else (1, 1))


def fits(size, kernel, padding, dilation):
    return padding == "same" or all(
        (k - 1) * d + 1 <= n for n, k, d in zip(size, kernel, dilation, strict=True)
    )
