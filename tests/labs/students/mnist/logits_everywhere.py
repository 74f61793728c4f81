"""From PyTorch: the networks end in logits, and the loss is told so; the challenge's, too.

test_network: 3 of 4, no softmax: the layers are there, the numbers are not probabilities
test_challenge: 0 of 6, ten logits are not ten probabilities, and the list of rules says so
"""
# file: dense.keras = dense_logits
# file: separable.keras = separable_logits
# file: challenge.keras = challenge_logits
# rest: activation_apart

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    nn = keras.layers
    conv = nn.SeparableConv2D if separable else nn.Conv2D
    return keras.Sequential([
        keras.Input((28, 28, 1)),
        conv(8, 7, strides=2, activation=activation),
        conv(16, 5, strides=2, activation=activation),
        conv(32, 3, strides=1, activation=activation),
        nn.GlobalAveragePooling2D(),
        nn.Dense(10),  # CrossEntropyLoss does the softmax
    ])

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    criterion = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=criterion)
    model.fit(x_train, y_train, epochs=60, batch_size=32, verbose=0)
    return model

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    nn = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        nn.Conv2D(6, 3), nn.LeakyReLU(), nn.MaxPooling2D(),
        nn.SeparableConv2D(16, 3), nn.LeakyReLU(), nn.MaxPooling2D(),
        nn.SeparableConv2D(28, 3), nn.LeakyReLU(),
        nn.GlobalAveragePooling2D(), nn.Dense(10),
    ])
    return fit(model)
