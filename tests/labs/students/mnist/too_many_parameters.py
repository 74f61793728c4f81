"""Counts the trainable parameters only, so batch normalization takes the challenge's network over the bound.

test_challenge: 0 of 6, more than 1,427 parameters when all are counted
"""
# file: challenge.keras = challenge_too_many_parameters
# rest: activation_apart

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    nn = keras.layers
    model = keras.Sequential([
        keras.Input((28, 28, 1)),
        nn.Conv2D(8, 3, strides=2, use_bias=False), nn.BatchNormalization(), nn.ReLU(),
        nn.SeparableConv2D(16, 3, use_bias=False), nn.BatchNormalization(), nn.ReLU(), nn.MaxPooling2D(),
        nn.SeparableConv2D(32, 3, use_bias=False), nn.BatchNormalization(), nn.ReLU(),
        nn.GlobalAveragePooling2D(), nn.Dense(10, activation="softmax"),
    ])
    trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
    print("trainable parameters:", trainable)
    assert trainable <= 1427
    return fit(model)
