"""How the Keras tasks go wrong, as Keras layers."""

from functools import partial

from .stages import (
    block,
    convolved,
    deepest_first,
    fcn,
    final,
    joined,
    normalized_before_relu,
    twice,
    upsampled,
)


def of_upsampling():
    def transposed(x, factor=2):
        from keras import layers

        return layers.Conv2DTranspose(x.shape[-1], 2 * factor, strides=factor, padding="same")(x)

    def smaller(x, factor=2):
        from keras import layers

        return layers.AveragePooling2D(factor)(x)

    return {
        "the nearest pixel is taken": (
            lambda x, factor=2: upsampled(x, factor, "nearest"),
            "Which interpolation does Keras' layer use when you name none?",
        ),
        "another interpolation": (
            lambda x, factor=2: upsampled(x, factor, "bicubic"),
            "Bilinear: linear along the height, and linear along the width.",
        ),
        "factor is ignored": (
            lambda x, factor=2: upsampled(x),
            "What does the function do with its argument factor?",
        ),
        "only the height grows": (
            lambda x, factor=2: upsampled(x, (factor, 1)),
            "One number of factor means both height and width.",
        ),
        "only the width grows": (
            lambda x, factor=2: upsampled(x, (1, factor)),
            "One number of factor means both height and width.",
        ),
        "enlarged twice": (
            lambda x, factor=2: upsampled(upsampled(x, factor), factor),
            "How often does the function enlarge?",
        ),
        "made smaller": (smaller, "The decoder goes back to the picture's size."),
        "a transposed convolution with weights to be learned": (
            transposed,
            "Nothing is to be learned here: how many parameters does your layer have?",
        ),
    }


def of_layer():
    """Give how the separable layer goes wrong, for which no test asks by itself."""

    def changed(**change):
        return lambda x, filters, strides=1: convolved(x, filters, strides, **change)

    return {
        "no activation": (changed(activation=None), ""),
        "no normalization": (changed(normalized=False), ""),
        "no bias": (changed(bias=False), ""),
        "dense convolutions": (changed(separable=False), ""),
        "the kernel is not 3×3": (changed(kernel_size=1), ""),
    }


def of_block():
    def added(small, large, filters, always=False, fits="small"):
        from keras import layers

        x = upsampled(small)
        if always or x.shape[-1] != large.shape[-1]:  # so that they can be added
            if fits == "small":
                x = layers.Conv2D(large.shape[-1], 1)(x)
            else:
                large = layers.Conv2D(x.shape[-1], 1)(large)
        return twice(layers.Add()([x, large]), filters)

    def before_relu(small, large, filters):
        x = normalized_before_relu(joined(upsampled(small), large), filters)
        return normalized_before_relu(x, filters)

    def before_upsampling(small, large, filters):
        from keras import layers

        return twice(upsampled(joined(small, layers.AveragePooling2D(2)(large))), filters)

    def after_the_first(small, large, filters):
        return convolved(joined(convolved(upsampled(small), filters), large), filters)

    def at_the_end(small, large, filters):
        return joined(twice(upsampled(small), filters), large)

    def normalized_first(small, large, filters):
        from keras import layers

        x = joined(upsampled(small), large)
        for _ in range(2):
            x = convolved(layers.BatchNormalization()(x), filters, normalized=False)
        return x

    def transposed(small, large, filters):
        from keras import layers

        return twice(joined(layers.Conv2DTranspose(small.shape[-1], 2, strides=2)(small), large), filters)

    def changed(**change):
        return lambda small, large, filters: twice(joined(upsampled(small), large), filters, **change)

    return {
        "the skip is added, not concatenated": (
            added,
            "Laid side by side, the channels of both are kept: how many go into the first convolution?",
        ),
        "the skip is added behind a 1×1 convolution": (
            partial(added, always=True),
            "Laid side by side, both need not have equally many channels.",
        ),
        "the skip is made to fit by a 1×1 convolution and added": (
            partial(added, fits="large"),
            "Laid side by side, the channels of both are kept: how many go into the first convolution?",
        ),
        "the skip goes through a 1×1 convolution and is added": (
            partial(added, always=True, fits="large"),
            "Laid side by side, both need not have equally many channels.",
        ),
        "the skip connection is missing": (
            lambda small, large, filters: block(small, None, filters),
            "What does the block do with its second argument?",
        ),
        "the skip's maps come first": (
            lambda small, large, filters: twice(joined(large, upsampled(small)), filters),
            "The promise has the enlarged maps first, then those of the skip.",
        ),
        "concatenated before the upsampling": (
            before_upsampling,
            "A skip that is enlarged together with the rest has lost the details it was for.",
        ),
        "concatenated after the first convolution": (
            after_the_first,
            "Both convolutions work on what the skip has brought.",
        ),
        "concatenated at the end": (at_the_end, "The convolutions are there to mix both sources."),
        "concatenated along the height": (
            lambda small, large, filters: twice(joined(upsampled(small), large, axis=1), filters),
            "Side by side means along the channels: which axis is that?",
        ),
        "the small maps are used without the large ones": (
            lambda small, large, filters: twice(joined(upsampled(small), upsampled(small)), filters),
            "What does the block do with its second argument?",
        ),
        "the nearest pixel is taken": (
            lambda small, large, filters: twice(joined(upsampled(small, 2, "nearest"), large), filters),
            "You have written bilinear_upsample: is it used?",
        ),
        "a transposed convolution enlarges": (transposed, "You have written bilinear_upsample: is it used?"),
        "one convolution instead of two": (
            lambda small, large, filters: convolved(joined(upsampled(small), large), filters),
            "How many separable layers does the promise have?",
        ),
        "dense convolutions": (changed(separable=False), "Which layer separates space and channels?"),
        "no normalization": (changed(normalized=False), "What follows each of the two convolutions?"),
        "the normalization comes before the convolution": (
            normalized_first,
            "Look at the order of the two steps.",
        ),
        "the normalization comes before relu": (
            before_relu,
            "Which of the two does the promise name first: relu, or the normalization?",
        ),
        "only the second convolution is normalized": (
            lambda small, large, filters: convolved(
                convolved(joined(upsampled(small), large), filters, normalized=False), filters
            ),
            "What follows each of the two convolutions?",
        ),
        "only the first convolution is normalized": (
            lambda small, large, filters: convolved(
                convolved(joined(upsampled(small), large), filters), filters, normalized=False
            ),
            "What follows each of the two convolutions?",
        ),
        "only the first convolution has an activation": (
            lambda small, large, filters: convolved(
                convolved(joined(upsampled(small), large), filters), filters, activation=None
            ),
            "What does the promise say about relu?",
        ),
        "only the second convolution has an activation": (
            lambda small, large, filters: convolved(
                convolved(joined(upsampled(small), large), filters, activation=None), filters
            ),
            "What does the promise say about relu?",
        ),
        "no activation": (changed(activation=None), "What does the promise say about relu?"),
        "the kernel is not 3×3": (changed(kernel_size=1), "Look at kernel_size."),
        "no bias": (changed(bias=False), "What does the promise say about the bias?"),
    }


# Mistakes that leave little of the block, and earn nothing; one of the others costs a point.
LITTLE_LEFT = (
    "the skip connection is missing",
    "concatenated before the upsampling",
    "concatenated at the end",
    "concatenated along the height",
    "the small maps are used without the large ones",
)


def of_fcn():
    def but(**change):
        return lambda *args: fcn(*args, **change)

    def last(**options):
        return but(last=lambda x, classes: final(x, classes, **options))

    def along_the_height(x, classes):
        from keras import layers

        return layers.Softmax(axis=1)(final(x, classes, activation=None))

    def separable_end(x, classes):
        from keras import layers

        return layers.SeparableConv2D(classes, 3, padding="same", activation="softmax")(x)

    def normalized_end(x, classes):
        from keras import layers

        return layers.Softmax()(layers.BatchNormalization()(final(x, classes, activation=None)))

    def averaged(x, classes):
        from keras import layers

        return layers.Dense(classes, activation="softmax")(layers.GlobalAveragePooling2D(keepdims=True)(x))

    return {
        "the skip connections are missing": (
            but(way_back=lambda skips, some: [(None, n) for n in some[::-1]]),
            "Which maps does each decoder block get beside the small ones?",
        ),
        "the picture itself is left out as a skip": (
            but(way_back=lambda skips, some: deepest_first([None, *skips[1:]], some)),
            "What was as large as the last block's result, before the first encoder block?",
        ),
        "the decoder's filters are in the encoder's order": (
            but(way_back=lambda skips, some: deepest_first(skips, some[::-1])),
            "The decoder goes the way back: the last entry of block_filters belongs to its first block.",
        ),
        "one decoder block is missing": (
            but(way_back=lambda skips, some: deepest_first(skips, some)[:-1]),
            "The output is as large as the input: how often must it be doubled?",
        ),
        "the 1×1 layer in the middle is missing": (
            but(middle=None),
            "What stands between the encoder and the decoder?",
        ),
        "the layer in the middle is 3×3": (
            but(middle=lambda x, n: convolved(x, n, separable=False)),
            "Look at the kernel of the layer in the middle.",
        ),
        "the layer in the middle is not normalized": (
            but(middle=lambda x, n: convolved(x, n, kernel_size=1, separable=False, normalized=False)),
            "What follows the 1×1 convolution?",
        ),
        "the layer in the middle has no activation": (
            but(middle=lambda x, n: convolved(x, n, kernel_size=1, separable=False, activation=None)),
            "What does the promise say about relu in the 1×1 layer?",
        ),
        "the layer in the middle is normalized before its relu": (
            but(middle=lambda x, n: normalized_before_relu(x, n, kernel_size=1, separable=False)),
            "Which comes first after the 1×1 convolution: relu, or the normalization?",
        ),
        "the encoder is made of dense layers": (
            but(first=lambda x, n: convolved(x, n, 2, separable=False)),
            "The encoder's blocks are separable layers.",
        ),
        "the encoder's blocks are not normalized": (
            but(first=lambda x, n: convolved(x, n, 2, normalized=False)),
            "What follows each separable layer of the encoder?",
        ),
        "no softmax at the end": (
            last(activation=None),
            "The numbers at one place shall be probabilities of the classes.",
        ),
        "a sigmoid at the end": (
            last(activation="sigmoid"),
            "Each pixel belongs to one class only: what must its numbers add up to?",
        ),
        "relu at the end": (
            last(activation="relu"),
            "The numbers at one place shall be probabilities of the classes.",
        ),
        "the softmax goes along the height": (
            but(last=along_the_height),
            "Along which axis must the numbers add up to 1?",
        ),
        "the last layer is separable": (
            but(last=separable_end),
            "The last layer is a dense 1×1 convolution.",
        ),
        "the last layer is normalized": (
            but(last=normalized_end),
            "Nothing comes between the last layer and its softmax.",
        ),
        "the last layer has no bias": (
            last(use_bias=False),
            "What does the promise say about the bias?",
        ),
        "the places are averaged away": (
            but(last=averaged),
            "The network answers for every pixel, not for the picture as a whole.",
        ),
    }
