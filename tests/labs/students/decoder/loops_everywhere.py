"""Writes plain loops like in C; slow but everything is right."""


# %% insert_zeros
def insert_zeros(x, strides):
    if isinstance(strides, int):
        stride_h = strides
        stride_w = strides
    else:
        stride_h = strides[0]
        stride_w = strides[1]
    n = x.shape[0]
    h = x.shape[1]
    w = x.shape[2]
    c = x.shape[3]
    result = np.zeros((n, (h-1)*stride_h+1, (w-1)*stride_w+1, c))
    for b in range(n):
        for i in range(h):
            for j in range(w):
                for k in range(c):
                    result[b, i*stride_h, j*stride_w, k] = x[b, i, j, k]
    return result


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if isinstance(strides, int):
        strides = (strides, strides)
    kh = kernel.shape[0]
    kw = kernel.shape[1]
    n_filters = kernel.shape[2]
    z = insert_zeros(x, strides)
    # the ring
    ring = np.zeros((z.shape[0], z.shape[1] + 2*(kh-1), z.shape[2] + 2*(kw-1), z.shape[3]))
    for i in range(z.shape[1]):
        for j in range(z.shape[2]):
            ring[:, i+kh-1, j+kw-1, :] = z[:, i, j, :]
    oh = ring.shape[1] - kh + 1
    ow = ring.shape[2] - kw + 1
    out = np.zeros((x.shape[0], oh, ow, n_filters))
    for b in range(x.shape[0]):
        for i in range(oh):
            for j in range(ow):
                for f in range(n_filters):
                    total = 0.0
                    for di in range(kh):
                        for dj in range(kw):
                            # kernel upside down
                            total += np.dot(ring[b, i+di, j+dj, :], kernel[kh-1-di, kw-1-dj, f, :])
                    out[b, i, j, f] = total
    if padding == "same":
        extra_h = kh - strides[0]
        extra_w = kw - strides[1]
        top = extra_h // 2
        left = extra_w // 2
        bottom = extra_h - top
        right = extra_w - left
        out = out[:, top:oh-bottom, left:ow-right, :]
    return out


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    if factor % 2 == 0:
        size = 2 * factor
        center = factor - 0.5
    else:
        size = 2 * factor - 1
        center = factor - 1
    kernel = np.zeros((size, size, channels, channels))
    for i in range(size):
        for j in range(size):
            value = (1 - abs(i - center) / factor) * (1 - abs(j - center) / factor)
            for c in range(channels):
                kernel[i, j, c, c] = value
    return kernel


# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    layer = keras.layers.UpSampling2D(size=(factor, factor), interpolation="bilinear")
    output_layer = layer(input_layer)
    return output_layer


# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    output_layer = SeparableConv2DKeras(filters=filters, kernel_size=3, strides=strides,
                             padding='same', activation='relu')(input_layer)
    output_layer = keras.layers.BatchNormalization()(output_layer)
    return output_layer


def decoder_block(small_input, large_input, filters):
    # step 1
    upsampled = bilinear_upsample(small_input, 2)
    # step 2
    concatenated = keras.layers.concatenate([upsampled, large_input])
    # step 3
    output = concatenated
    for i in range(2):
        output = separable_conv2d_batchnorm(output, filters, 1)
    return output


# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    inp = keras.layers.Input(shape=input_shape)
    stages = [inp]
    for i in range(len(block_filters)):
        stages.append(separable_conv2d_batchnorm(stages[i], block_filters[i], strides=2))
    x = keras.layers.Conv2D(filters, kernel_size=1, strides=1, padding="same", activation="relu")(stages[-1])
    x = keras.layers.BatchNormalization()(x)
    for i in range(len(block_filters) - 1, -1, -1):
        x = decoder_block(x, stages[i], block_filters[i])
    x = keras.layers.Conv2D(classes, kernel_size=1, padding="same", activation="softmax")(x)
    return keras.Model(inputs=inp, outputs=x)


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    total = 0
    count = 0
    for c in range(1, classes):
        inter = 0
        union = 0
        for t, p in zip(truth.reshape(-1), predicted.reshape(-1)):
            if t == c and p == c:
                inter += 1
            if t == c or p == c:
                union += 1
        if union > 0:
            total += inter / union
            count += 1
    return total / count
