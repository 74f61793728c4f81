"""IoU in percent; enlarges by a transposed convolution that learns; the file carries the optimizer.

test_bilinear_upsample: 0 of 1, a Conv2DTranspose is not bilinear
test_mean_iou: 1 of 2, percent instead of a fraction
test_trained: 0 of 3, the file is too large
"""
# rest: tutorial_style
# file: decoder.keras = decoder_with_the_optimizer


# %% bilinear_upsample
from keras import layers

def bilinear_upsample(input_layer, factor=2):
    ch = input_layer.shape[-1]
    return layers.Conv2DTranspose(ch, 2 * factor, strides=factor, padding='same', use_bias=False)(input_layer)


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    ious = []
    for c in range(1, classes):
        i = np.sum((truth == c) & (predicted == c))
        u = np.sum((truth == c) | (predicted == c))
        if u > 0:
            ious.append(100 * i / u)
    return np.mean(ious)
