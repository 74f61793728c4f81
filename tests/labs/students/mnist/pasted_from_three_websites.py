"""Pieces from the web that do not fit: a tensor for a network, a tuple for the MACs, a list for the accuracy.

test_network: 0 of 4, returns the output tensor and no model, and counts on 128 units that nobody asked for
test_macs: 2 of 3, the separable count is a pair, not added up
test_accuracy: 1 of 2, a list of hits instead of their fraction
test_trained: 0 of 3, fit does not return the model, no file is handed in
test_table: 0 of 2, not done
test_challenge: 0 of 6, a layer that is not in the list (RandomTranslation)
"""
# file: dense.keras = none
# file: separable.keras = none
# file: challenge.keras = challenge_forbidden_layer

# %% network
from keras import layers, models

def network(separable, activation):
    inputs = layers.Input(shape=(28, 28, 1))
    Conv = layers.SeparableConv2D if separable else layers.Conv2D
    x = Conv(8, (7, 7), strides=(2, 2), activation=activation)(inputs)
    x = Conv(16, (5, 5), strides=(2, 2), activation=activation)(x)
    x = Conv(32, (3, 3), activation=activation)(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(128, activation="relu")(x)
    outputs = layers.Dense(10, activation="softmax")(x)
    return outputs

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    # https://... : Dp x Dp x M x (Dk x Dk + N)
    Dp = int((size - kernel_size) / strides) + 1
    Dk, M, N = kernel_size, channels, filters
    if separable:
        depthwise = Dp * Dp * Dk * Dk * M
        pointwise = Dp * Dp * M * N
        return depthwise, pointwise
    return Dp * Dp * Dk * Dk * M * N

# %% accuracy
def accuracy(probabilities, labels):
    return [int(np.argmax(p) == l) for p, l in zip(probabilities, labels)]

# %% fit
def fit(model):
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    history = model.fit(x_train, y_train, epochs=10, validation_data=(x_test, y_test))
    return history

# %% challenge
def challenge():
    model = models.Sequential([
        layers.Input(shape=(28, 28, 1)),
        layers.RandomTranslation(0.06, 0.06),      # data augmentation!
        layers.RandomRotation(0.03),
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.SeparableConv2D(16, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.SeparableConv2D(32, 3, activation="relu"),
        layers.GlobalAveragePooling2D(),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(x_train, y_train, epochs=50, verbose=0)
    return model
