"""Rows first, then columns, in bilinear_kernel and the padding by slices; a softmax layer apart in the network; right."""
# rest: torch_person
# file: decoder.keras = decoder_softmax_apart


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    kh, kw, f, c = kernel.shape
    z = insert_zeros(x, strides)
    b, zh, zw, _ = z.shape
    big = np.zeros((b, zh + 2 * kh - 2, zw + 2 * kw - 2, c))
    big[:, kh - 1:kh - 1 + zh, kw - 1:kw - 1 + zw] = z
    k = kernel[::-1, ::-1].reshape(kh * kw, f, c)
    oh, ow = zh + kh - 1, zw + kw - 1
    patches = np.array([big[:, i:i + oh, j:j + ow] for i in range(kh) for j in range(kw)])
    y = np.einsum('pbhwc,pfc->bhwf', patches, k)
    if padding.lower() == "same":
        sh, sw = (strides, strides) if np.size(strides) == 1 else strides
        ch, cw = kh - sh, kw - sw
        y = y[:, ch // 2:oh - (ch - ch // 2), cw // 2:ow - (cw - cw // 2)]
    return y


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    n = 2 * factor - (factor % 2)
    row = np.minimum(np.arange(1, n + 1), np.arange(n, 0, -1)).astype(float)
    if factor % 2 == 0:
        row -= 0.5
    row /= factor
    kernel = np.zeros((n, n, channels, channels))
    for ch in range(channels):
        kernel[:, :, ch, ch] += row[:, None]
        kernel[:, :, ch, ch] *= row[None, :]
    return kernel
