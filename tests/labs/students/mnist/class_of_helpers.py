"""Object-oriented: a class that builds, counts and measures a network; everything is right.
"""

# %% network
class Network:
    """Java programmer at work."""

    FILTERS = [8, 16, 32]
    KERNELS = [7, 5, 3]
    STRIDES = [2, 2, 1]

    def __init__(self, separable, activation):
        self.separable = separable
        self.activation = activation

    def make_convolution(self, index):
        if self.separable:
            return keras.layers.SeparableConv2D(
                filters=self.FILTERS[index],
                kernel_size=(self.KERNELS[index], self.KERNELS[index]),
                strides=(self.STRIDES[index], self.STRIDES[index]),
                activation=self.activation,
            )
        return keras.layers.Conv2D(
            filters=self.FILTERS[index],
            kernel_size=(self.KERNELS[index], self.KERNELS[index]),
            strides=(self.STRIDES[index], self.STRIDES[index]),
            activation=self.activation,
        )

    def build(self):
        model = keras.Sequential()
        model.add(keras.Input(shape=(28, 28, 1)))
        for index in range(len(self.FILTERS)):
            model.add(self.make_convolution(index))
        model.add(keras.layers.GlobalAveragePooling2D())
        model.add(keras.layers.Dense(10))
        model.add(keras.layers.Activation("softmax"))
        return model


def network(separable, activation):
    """Make one of the two networks, untrained."""
    return Network(separable, activation).build()

# %% macs
class MacCounter:
    def __init__(self, size, channels, filters, kernel_size, strides):
        self.output = (size - kernel_size) // strides + 1
        self.channels, self.filters, self.kernel_size = channels, filters, kernel_size

    @property
    def places(self):
        return self.output * self.output

    def depthwise(self):
        return self.places * self.kernel_size * self.kernel_size * self.channels

    def pointwise(self):
        return self.places * self.channels * self.filters

    def dense(self):
        return self.depthwise() * self.filters


def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    counter = MacCounter(size, channels, filters, kernel_size, strides)
    if separable:
        return counter.depthwise() + counter.pointwise()
    return counter.dense()

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    chosen = np.argsort(probabilities, axis=1)[:, -1]
    return 1 - np.mean(chosen != labels)

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(optimizer="rmsprop", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x_train, y_train, batch_size=32, epochs=(8 if digits.is_mnist else 90), verbose=0)
    return model

# %% table
class Measurement:
    def __init__(self, name, model):
        self.name = name
        self.model = model
        answers(self.model, x_test)

    def as_dictionary(self):
        start = time.perf_counter()
        probabilities = answers(self.model, x_test)
        stop = time.perf_counter()
        sep = self.name == "separable"
        size = 28
        channels = 1
        total = 0
        for f, k, s in zip(Network.FILTERS, Network.KERNELS, Network.STRIDES):
            total += macs(size, channels, f, k, s, sep)
            size = (size - k) // s + 1
            channels = f
        total += channels * 10
        return {
            "parameters": self.model.count_params(),
            "macs": total,
            "kilobytes": Path(self.name + ".keras").stat().st_size / 1000,
            "seconds": stop - start,
            "accuracy": accuracy(probabilities, y_test),
        }


table = {
    "dense": Measurement("dense", dense).as_dictionary(),
    "separable": Measurement("separable", separable).as_dictionary(),
}

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.Sequential()
    model.add(keras.Input(shape=(28, 28, 1)))
    model.add(keras.layers.Conv2D(8, 5, strides=2, activation="relu"))
    model.add(keras.layers.SeparableConv2D(16, 3, activation="relu"))
    model.add(keras.layers.SeparableConv2D(26, 3, activation="relu"))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(10, activation="softmax"))
    return fit(model)
