"""A second independent source: PyTorch, where it is installed."""

import numpy as np
import pytest

from sepconv import ops

torch = pytest.importorskip("torch", reason="PyTorch is not installed: pip install torch to run these")
rng = np.random.default_rng(0)


def to_torch(x):
    """NHWC to PyTorch's NCHW."""
    return torch.tensor(np.moveaxis(x, 3, 1), requires_grad=True)


def from_torch(x):
    return np.moveaxis(x.detach().numpy(), 1, 3)


@pytest.mark.parametrize("kernel", [(3, 3), (2, 4), (1, 1)])
@pytest.mark.parametrize(("strides", "dilation"), [((1, 1), (1, 1)), ((2, 3), (1, 1)), ((1, 1), (2, 1))])
@pytest.mark.parametrize("groups", [1, 2, 4])
def test_conv2d_forward_and_gradient(kernel, strides, dilation, groups):
    x, k = rng.normal(size=(2, 9, 8, 4)), rng.normal(size=(*kernel, 4 // groups, 8))
    there, weights = to_torch(x), torch.tensor(k.transpose(3, 2, 0, 1), requires_grad=True)
    y = torch.nn.functional.conv2d(there, weights, stride=strides, dilation=dilation, groups=groups)
    upstream = torch.tensor(rng.normal(size=y.shape))
    y.backward(upstream)
    arguments = (strides, "valid", dilation, groups)
    np.testing.assert_allclose(ops.conv2d(x, k, *arguments), from_torch(y), atol=1e-10)
    of_x, of_kernel = ops.conv2d_gradient(from_torch(upstream), x, k, *arguments)
    np.testing.assert_allclose(of_x, from_torch(there.grad), atol=1e-10)
    np.testing.assert_allclose(of_kernel, weights.grad.numpy().transpose(2, 3, 1, 0), atol=1e-10)


@pytest.mark.parametrize("kernel", [(2, 2), (3, 3), (4, 2)])
@pytest.mark.parametrize(
    ("strides", "extra"), [((1, 1), (0, 0)), ((2, 2), (0, 0)), ((2, 2), (1, 1)), ((3, 2), (2, 1))]
)
def test_conv2d_transpose_with_output_padding(kernel, strides, extra):
    x, k = rng.normal(size=(1, 4, 5, 3)), rng.normal(size=(*kernel, 2, 3))
    y = torch.nn.functional.conv_transpose2d(
        to_torch(x), torch.tensor(k.transpose(3, 2, 0, 1)), stride=strides, output_padding=extra
    )
    np.testing.assert_allclose(
        ops.conv2d_transpose(x, k, strides, output_padding=extra), from_torch(y), atol=1e-10
    )


@pytest.mark.parametrize("size", [2, (3, 2)])
def test_pooling_and_upsampling(size):
    x = rng.normal(size=(2, 6, 6, 3))
    there = to_torch(x)
    np.testing.assert_allclose(
        ops.max_pool2d(x, size), from_torch(torch.nn.functional.max_pool2d(there, size))
    )
    np.testing.assert_allclose(
        ops.average_pool2d(x, size), from_torch(torch.nn.functional.avg_pool2d(there, size)), atol=1e-12
    )
    larger = torch.nn.functional.interpolate(there, scale_factor=size, mode="bilinear", align_corners=False)
    np.testing.assert_allclose(ops.upsample_bilinear2d(x, size), from_torch(larger), atol=1e-12)


@pytest.mark.parametrize("groups", [1, 2, 3, 6])
def test_channel_shuffle(groups):
    x = rng.normal(size=(2, 4, 5, 6))
    shuffled = torch.nn.functional.channel_shuffle(to_torch(x), groups)
    np.testing.assert_array_equal(ops.channel_shuffle(x, groups), from_torch(shuffled))
