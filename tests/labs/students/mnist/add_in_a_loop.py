"""A beginner with model.add and if inside the loop, the table typed out line by line; everything is right.
"""

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    filters = [8, 16, 32]
    kernels = [(7, 7), (5, 5), (3, 3)]
    strides = [(2, 2), (2, 2), (1, 1)]
    model = keras.Sequential()
    for i in range(3):
        if i == 0 and separable:
            model.add(keras.layers.SeparableConv2D(filters[i], kernels[i], strides=strides[i], activation=activation, input_shape=(28, 28, 1)))
        elif i == 0:
            model.add(keras.layers.Conv2D(filters[i], kernels[i], strides=strides[i], activation=activation, input_shape=(28, 28, 1)))
        elif separable:
            model.add(keras.layers.SeparableConv2D(filters[i], kernels[i], strides=strides[i], activation=activation))
        else:
            model.add(keras.layers.Conv2D(filters[i], kernels[i], strides=strides[i], activation=activation))
    model.add(keras.layers.GlobalAveragePooling2D())
    model.add(keras.layers.Dense(10, activation=keras.activations.softmax))
    model.summary()
    return model

# %% macs
import math

def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    # formula from the Keras docs for "valid": ceil((size - kernel + 1) / strides)
    out = math.ceil((size - kernel_size + 1) / strides)
    if separable == False:
        result = out * out * kernel_size * kernel_size * channels * filters
    else:
        result = out * out * (kernel_size * kernel_size * channels + channels * filters)
    return result

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    guess = np.argmax(probabilities, axis=1)
    right = np.where(guess == labels, 1, 0)
    return np.sum(right) / np.size(right)

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    model.fit(x_train, y_train, epochs=50, verbose=0)
    return model

# %% table
table = {"dense": {}, "separable": {}}
table["dense"]["parameters"] = dense.count_params()
table["separable"]["parameters"] = separable.count_params()
table["dense"]["macs"] = macs(28, 1, 8, 7, 2, False) + macs(11, 8, 16, 5, 2, False) + macs(4, 16, 32, 3, 1, False) + 32*10
table["separable"]["macs"] = macs(28, 1, 8, 7, 2, True) + macs(11, 8, 16, 5, 2, True) + macs(4, 16, 32, 3, 1, True) + 32*10
table["dense"]["kilobytes"] = os.path.getsize("dense.keras") / 1000
table["separable"]["kilobytes"] = os.path.getsize("separable.keras") / 1000
answers(dense, x_test)
answers(separable, x_test)
a = time.time()
dense_answers = answers(dense, x_test)
b = time.time()
separable_answers = answers(separable, x_test)
c = time.time()
table["dense"]["seconds"] = b - a
table["separable"]["seconds"] = c - b
table["dense"]["accuracy"] = accuracy(dense_answers, y_test)
table["separable"]["accuracy"] = accuracy(separable_answers, y_test)
print(table)

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.Sequential()
    model.add(keras.layers.Conv2D(8, (3, 3), strides=(2, 2), activation="relu", input_shape=(28, 28, 1)))
    model.add(keras.layers.MaxPooling2D((2, 2)))
    model.add(keras.layers.Conv2D(8, (3, 3), activation="relu"))
    model.add(keras.layers.Conv2D(6, (3, 3), activation="relu"))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(10, activation="softmax"))
    model.summary()
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    model.fit(x_train, y_train, epochs=60, verbose=0)
    return model
