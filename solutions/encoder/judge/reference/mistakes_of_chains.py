"""How the Keras tasks that are made of other layers go wrong, as Keras layers."""

from functools import partial

from .mistakes import after, keras_parts, of_separable


def of_block():
    def twice(x, filters, strides):
        _, separable, _, normalized = keras_parts()
        return normalized(separable(normalized(separable(x, filters, strides)), filters, 1))

    def pooled(x, filters, strides):
        layers, separable, _, normalized = keras_parts()
        return layers.MaxPooling2D(strides, padding="same")(normalized(separable(x, filters)))

    def ignored(x, filters, strides):
        _, separable, _, normalized = keras_parts()
        return normalized(separable(x, filters))

    def named(mistaken):  # a block gets its strides by place, which mean a kernel's size elsewhere
        return lambda x, filters, strides: mistaken(x, filters, strides=strides)

    return {name: (named(mistaken), hint) for name, (mistaken, hint) in of_separable().items()} | {
        "strides are ignored": (
            ignored,
            "Who does not pass the strides on: this block, or the layer that it is made of?",
        ),
        "two convolutions instead of one": (twice, "One separable layer is a block."),
        "pooling instead of strides": (pooled, "The block's strides belong to its convolution."),
    }


def of_encoder():
    def model(build):
        def make(input_shape, block_filters, filters):
            import keras

            inputs = keras.Input(input_shape)
            return keras.Model(inputs, build(inputs, list(block_filters), filters))

        return make

    block, last = after("separable"), partial(after("dense"), kernel_size=1)

    def blocks(x, block_filters, strides=2, stage=block):
        for filters in block_filters:
            x = stage(x, filters, strides=strides)
        return x

    def pooled(x, block_filters, filters):
        layers, *_ = keras_parts()
        return layers.GlobalAveragePooling2D(keepdims=True)(last(blocks(x, block_filters), filters))

    def plain_last(x, block_filters, filters):
        layers, *_ = keras_parts()
        return layers.Conv2D(filters, 1, activation="relu")(blocks(x, block_filters))

    def without(x, filters, strides=1, kernel_size=3):
        return keras_parts()[1](x, filters, strides)

    return {
        "the 1×1 layer is missing": (
            model(lambda x, some, f: blocks(x, some)),
            "What follows the last block?",
        ),
        "the 1×1 layer comes first": (
            model(lambda x, some, f: blocks(last(x, f), some)),
            "First the blocks, then the 1×1 layer.",
        ),
        "the last layer is 3×3": (
            model(lambda x, some, f: after("dense")(blocks(x, some), f)),
            "Which kernel_size does conv2d_batchnorm take when you give none?",
        ),
        "the last layer is not normalized": (
            model(plain_last),
            "You have written conv2d_batchnorm: is it used?",
        ),
        "the last layer has strides": (
            model(lambda x, some, f: after("dense")(blocks(x, some), f, 1, 2)),
            "The blocks make the maps smaller, the 1×1 layer keeps every place.",
        ),
        "the places are averaged away": (model(pooled), "The encoder keeps a value for every place."),
        "the blocks keep the size": (
            model(lambda x, some, f: last(blocks(x, some, strides=1), f)),
            "Each block halves height and width.",
        ),
        "only the last block counts": (
            model(lambda x, some, f: last(block(x, some[-1], strides=2), f)),
            "Is the block's input always the encoder's input?",
        ),
        "only the first block counts": (
            model(lambda x, some, f: last(block(x, some[0], strides=2), f)),
            "How often does the loop run?",
        ),
        "never more than two blocks": (
            model(lambda x, some, f: last(blocks(x, some[:2]), f)),
            "How many entries may block_filters have?",
        ),
        "the blocks come in reverse order": (
            model(lambda x, some, f: last(blocks(x, some[::-1]), f)),
            "The first entry of block_filters belongs to the first block.",
        ),
        "dense blocks": (
            model(lambda x, some, f: last(blocks(x, some, stage=after("dense")), f)),
            "The blocks are made of separable layers.",
        ),
        "the blocks are not normalized": (
            model(lambda x, some, f: last(blocks(x, some, stage=without), f)),
            "Look at what separable_conv2d_batchnorm does.",
        ),
        "the 1×1 layer is separable": (
            model(lambda x, some, f: after("separable", kernel_size=1)(blocks(x, some), f)),
            "The last layer is conv2d_batchnorm.",
        ),
    }
