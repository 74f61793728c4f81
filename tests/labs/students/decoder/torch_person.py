"""Comes from PyTorch: channels first inside, dim and permute in mind; everything is right."""


# %% insert_zeros
def insert_zeros(x, strides):
    s_h, s_w = strides if hasattr(strides, "__len__") else (strides,) * 2
    x = x.transpose(0, 3, 1, 2)   # NHWC -> NCHW
    N, C, H, W = x.shape
    y = np.zeros((N, C, H, s_h, W, s_w), dtype=x.dtype)
    y[:, :, :, 0, :, 0] = x
    y = y.reshape(N, C, H * s_h, W * s_w)
    y = y[:, :, : (H - 1) * s_h + 1, : (W - 1) * s_w + 1]
    return y.transpose(0, 2, 3, 1)


# %% conv2d_transpose
def _unfold(x, kh, kw):
    """like torch.nn.functional.unfold; x is NCHW"""
    N, C, H, W = x.shape
    oh, ow = H - kh + 1, W - kw + 1
    cols = np.empty((N, C, kh, kw, oh, ow), dtype=x.dtype)
    for i in range(kh):
        for j in range(kw):
            cols[:, :, i, j] = x[:, :, i:i + oh, j:j + ow]
    return cols.reshape(N, C * kh * kw, oh * ow), oh, ow


def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    s_h, s_w = strides if hasattr(strides, "__len__") else (strides,) * 2
    kh, kw, out_ch, in_ch = kernel.shape
    H, W = x.shape[1], x.shape[2]
    z = insert_zeros(x, (s_h, s_w)).transpose(0, 3, 1, 2)
    z = np.pad(z, [(0, 0), (0, 0), (kh - 1,) * 2, (kw - 1,) * 2])
    cols, oh, ow = _unfold(z, kh, kw)
    weight = np.rot90(kernel, 2, axes=(0, 1)).transpose(2, 3, 0, 1).reshape(out_ch, -1)
    y = (weight @ cols).reshape(-1, out_ch, oh, ow)
    if padding == "same":
        p_h, p_w = (kh - s_h) // 2, (kw - s_w) // 2
        y = y[:, :, p_h:p_h + H * s_h, p_w:p_w + W * s_w]
    return y.transpose(0, 2, 3, 1)


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    # the one everybody copies for FCN in pytorch, adapted
    if factor % 2 == 1:
        size, center = 2 * factor - 1, factor - 1
    else:
        size, center = 2 * factor, factor - 0.5
    og = np.ogrid[:size, :size]
    filt = (1 - abs(og[0] - center) / factor) * (1 - abs(og[1] - center) / factor)
    weight = np.zeros((channels, channels, size, size))
    weight[np.arange(channels), np.arange(channels), :, :] = filt
    return weight.transpose(2, 3, 0, 1)


# %% bilinear_upsample
from keras import layers as nn

def bilinear_upsample(input_layer, factor=2):
    return nn.UpSampling2D(factor, interpolation="bilinear")(input_layer)


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    out = SeparableConv2DKeras(filters, 3, strides, "same", None)(input_layer)
    out = nn.ReLU()(out)
    out = nn.BatchNormalization()(out)
    return out


def decoder_block(small_input, large_input, filters):
    out = bilinear_upsample(small_input)
    out = nn.Concatenate(axis=-1)([out, large_input])   # dim=1 in torch
    out = separable_conv2d_batchnorm(out, filters)
    out = separable_conv2d_batchnorm(out, filters)
    return out


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inp = keras.Input(shape=input_shape)
    out = inp
    skips = []
    for ch in block_filters:
        skips.append(out)
        out = separable_conv2d_batchnorm(out, ch, strides=2)
    out = nn.Conv2D(filters, 1)(out)
    out = nn.ReLU()(out)
    out = nn.BatchNormalization()(out)
    for ch, skip in list(zip(block_filters, skips))[::-1]:
        out = decoder_block(out, skip, ch)
    logits = nn.Conv2D(classes, 1)(out)
    return keras.Model(inp, nn.Softmax(axis=-1)(logits))


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    mask = (truth >= 0) & (truth < classes)
    hist = np.bincount(classes * truth[mask].astype(int) + predicted[mask].astype(int), minlength=classes ** 2)
    hist = hist.reshape(classes, classes)
    inter = np.diag(hist)
    union = hist.sum(0) + hist.sum(1) - inter
    inter, union = inter[1:], union[1:]
    return float((inter[union > 0] / union[union > 0]).mean())
