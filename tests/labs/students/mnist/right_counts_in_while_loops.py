"""A beginner who counts everything one by one in while loops; slow, long, and right."""

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    if separable == True:
        model = keras.models.Sequential()
        model.add(keras.layers.Input(shape=(28, 28, 1)))
        model.add(keras.layers.SeparableConv2D(filters=8, kernel_size=7, strides=2, activation=activation))
        model.add(keras.layers.SeparableConv2D(filters=16, kernel_size=5, strides=2, activation=activation))
        model.add(keras.layers.SeparableConv2D(filters=32, kernel_size=3, strides=1, activation=activation))
        model.add(keras.layers.GlobalAveragePooling2D())
        model.add(keras.layers.Dense(10, activation="softmax"))
        return model
    else:
        model = keras.models.Sequential()
        model.add(keras.layers.Input(shape=(28, 28, 1)))
        model.add(keras.layers.Conv2D(filters=8, kernel_size=7, strides=2, activation=activation))
        model.add(keras.layers.Conv2D(filters=16, kernel_size=5, strides=2, activation=activation))
        model.add(keras.layers.Conv2D(filters=32, kernel_size=3, strides=1, activation=activation))
        model.add(keras.layers.GlobalAveragePooling2D())
        model.add(keras.layers.Dense(10, activation="softmax"))
        return model

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    count = 0
    # go through the picture with the kernel
    row = 0
    while row + kernel_size <= size:
        column = 0
        while column + kernel_size <= size:
            if separable == True:
                # depthwise
                channel = 0
                while channel < channels:
                    count = count + kernel_size * kernel_size
                    channel = channel + 1
                # pointwise
                f = 0
                while f < filters:
                    count = count + channels
                    f = f + 1
            else:
                f = 0
                while f < filters:
                    count = count + kernel_size * kernel_size * channels
                    f = f + 1
            column = column + strides
        row = row + strides
    return count

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    right = 0
    i = 0
    while i < len(labels):
        # look for the largest
        best = 0
        digit = 1
        while digit < 10:
            if probabilities[i][digit] > probabilities[i][best]:
                best = digit
            digit = digit + 1
        if best == labels[i]:
            right = right + 1
        i = i + 1
    return right / len(labels)

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    if digits.is_mnist:
        model.fit(x_train, y_train, epochs=10, batch_size=32, verbose=2)
    else:
        model.fit(x_train, y_train, epochs=100, batch_size=32, verbose=0)
    return model

# %% table
# dense
answers(dense, x_test)
start = time.time()
dense_probabilities = answers(dense, x_test)
dense_seconds = time.time() - start
dense_macs = macs(28, 1, 8, 7, 2) + macs(11, 8, 16, 5, 2) + macs(4, 16, 32, 3, 1) + 32 * 10

# separable
answers(separable, x_test)
start = time.time()
separable_probabilities = answers(separable, x_test)
separable_seconds = time.time() - start
separable_macs = macs(28, 1, 8, 7, 2, True) + macs(11, 8, 16, 5, 2, True) + macs(4, 16, 32, 3, 1, True) + 32 * 10

table = {}
table["dense"] = {}
table["dense"]["parameters"] = dense.count_params()
table["dense"]["macs"] = dense_macs
table["dense"]["kilobytes"] = os.path.getsize("dense.keras") / 1000
table["dense"]["seconds"] = dense_seconds
table["dense"]["accuracy"] = accuracy(dense_probabilities, y_test)
table["separable"] = {}
table["separable"]["parameters"] = separable.count_params()
table["separable"]["macs"] = separable_macs
table["separable"]["kilobytes"] = os.path.getsize("separable.keras") / 1000
table["separable"]["seconds"] = separable_seconds
table["separable"]["accuracy"] = accuracy(separable_probabilities, y_test)
print(table)

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.models.Sequential()
    model.add(keras.layers.Input(shape=(28, 28, 1)))
    model.add(keras.layers.Conv2D(8, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.SeparableConv2D(16, 3, activation="relu"))
    model.add(keras.layers.MaxPooling2D())
    model.add(keras.layers.SeparableConv2D(32, 3, activation="relu"))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(10, activation="softmax"))
    print(model.count_params())
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    rng = np.random.default_rng(3)
    epoch = 0
    while epoch < 100:
        model.fit(moved(x_train, rng), y_train, epochs=1, verbose=0)
        epoch = epoch + 1
    return model
