"""Uses the second description, every pixel writes its copy; everything is right."""
# rest: windows_and_einsum


# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    # apart[i*s] is pixel i, so a copy starts where the pixel stands
    try:
        sy, sx = strides
    except TypeError:
        sy = sx = strides
    batch, height, width, _ = x.shape
    ky, kx, filters, _ = kernel.shape
    canvas = np.zeros((batch, (height - 1) * sy + ky, (width - 1) * sx + kx, filters))
    for row in range(height):
        for column in range(width):
            copy = np.einsum("bc,yxfc->byxf", x[:, row, column], kernel)
            canvas[:, row * sy : row * sy + ky, column * sx : column * sx + kx] += copy
    if padding == "same":
        cut_y, cut_x = ky - sy, kx - sx
        canvas = canvas[:, cut_y // 2 : canvas.shape[1] - (cut_y + 1) // 2,
                        cut_x // 2 : canvas.shape[2] - (cut_x + 1) // 2]
    return canvas


# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    # blocks convolved with blocks give a tent
    box = np.ones(factor) / factor
    if factor % 2:
        tent = np.convolve(box, np.ones(factor))
    else:
        tent = np.convolve(np.convolve(box, np.ones(factor)), [0.5, 0.5])
    kernel = np.zeros(tent.shape * 2 + (channels, channels))
    for c in range(channels):
        kernel[..., c, c] = tent[:, None] * tent
    return kernel
