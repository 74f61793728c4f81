"""Object-oriented: a class for the network's builder and one for the counts; everything is right."""
# rest: careful_engineer


# %% decoder_block
class SepBlock:
    def __init__(self, filters, strides=1):
        self.conv = SeparableConv2DKeras(filters, 3, strides, "same", "relu")
        self.bn = keras.layers.BatchNormalization()

    def __call__(self, x):
        return self.bn(self.conv(x))


class DecoderBlock:
    def __init__(self, filters):
        self.join = keras.layers.Concatenate()
        self.mix = [SepBlock(filters), SepBlock(filters)]

    def __call__(self, small, large):
        x = self.join([bilinear_upsample(small), large])
        for m in self.mix:
            x = m(x)
        return x


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    return SepBlock(filters, strides)(input_layer)


def decoder_block(small_input, large_input, filters):
    return DecoderBlock(filters)(small_input, large_input)


# %% fcn_model
class FCN:
    def __init__(self, block_filters, filters, classes):
        self.down = [SepBlock(f, 2) for f in block_filters]
        self.middle = keras.layers.Conv2D(filters, (1, 1), activation=keras.activations.relu)
        self.middle_bn = keras.layers.BatchNormalization()
        self.up = [DecoderBlock(f) for f in block_filters[::-1]]
        self.head = keras.layers.Conv2D(classes, (1, 1), activation=keras.activations.softmax)

    def __call__(self, x):
        stack = []
        for block in self.down:
            stack.append(x)
            x = block(x)
        x = self.middle_bn(self.middle(x))
        for block in self.up:
            x = block(x, stack.pop())
        return self.head(x)


def fcn_model(input_shape, block_filters, filters, classes):
    inputs = keras.Input(input_shape)
    return keras.Model(inputs, FCN(block_filters, filters, classes)(inputs))


# %% mean_iou
class Confusion:
    def __init__(self, classes):
        self.m = np.zeros((classes, classes), int)

    def add(self, truth, predicted):
        np.add.at(self.m, (truth.ravel().astype(int), predicted.ravel().astype(int)), 1)

    def iou(self):
        hits = self.m.diagonal()
        return hits, self.m.sum(axis=0) + self.m.sum(axis=1) - hits


def mean_iou(truth, predicted, classes=11):
    confusion = Confusion(classes)
    for t, p in zip(truth, predicted):
        confusion.add(t, p)
    hits, union = confusion.iou()
    ok = union[1:] > 0
    return np.mean(hits[1:][ok] / union[1:][ok])
