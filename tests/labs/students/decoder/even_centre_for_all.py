"""Takes the centre of an even factor for odd ones too, and averages the IoU over scenes.

test_bilinear_kernel: 2 of 3, the centre for odd factors lies half a place off
test_mean_iou: 1 of 2, averages over scenes instead of counting all pixels together
"""
# rest: pixels_write_copies

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    size = 2 * factor - factor % 2
    center = factor - 0.5
    line = [1 - abs(i - center) / factor for i in range(size)]
    kernel = np.zeros((size, size, channels, channels))
    for c in range(channels):
        kernel[:, :, c, c] = np.outer(line, line)
    return kernel

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    results = []
    for t, p in zip(truth, predicted):
        scene = []
        for c in range(1, classes):
            union = ((t == c) | (p == c)).sum()
            if union > 0:
                scene.append(((t == c) & (p == c)).sum() / union)
        if scene:
            results.append(np.mean(scene))
    return np.mean(results)
