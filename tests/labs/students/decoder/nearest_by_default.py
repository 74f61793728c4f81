"""UpSampling2D without its interpolation, everything else follows from it; the IoU stops at class 10.

test_bilinear_upsample: 0 of 1, UpSampling2D repeats pixels when not told otherwise
test_mean_iou: 1 of 2, stops at class 10 whatever `classes` is
"""
# rest: four_loops

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    """Enlarge maps bilinearly."""
    return keras.layers.UpSampling2D((factor, factor))(input_layer)

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    iou_list = []
    for c in range(1, 11):
        intersection = np.logical_and(truth == c, predicted == c).sum()
        union = np.logical_or(truth == c, predicted == c).sum()
        if union != 0:
            iou_list.append(intersection / union)
    return np.mean(iou_list)
