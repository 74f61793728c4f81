"""Measures carefully (best of five, garbage collector off), wants ready-made callbacks; everything is right.
"""
# rest: layers_by_name

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    options = {"padding": "valid", "activation": activation, "use_bias": True}
    if separable:
        options["depth_multiplier"] = 1
        conv = keras.layers.SeparableConv2D
    else:
        conv = keras.layers.Conv2D
    return keras.models.Sequential(
        [
            keras.layers.Input((28, 28, 1), name="picture"),
            conv(filters=8, kernel_size=7, strides=2, **options),
            conv(filters=16, kernel_size=5, strides=2, **options),
            conv(filters=32, kernel_size=3, strides=1, **options),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax"),
        ],
        name=f"{'separable' if separable else 'dense'}_{activation}",
    )

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    callbacks = [
        keras.callbacks.ReduceLROnPlateau(monitor="loss", patience=4),
        keras.callbacks.TerminateOnNaN(),
    ]
    model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["acc"])
    history = model.fit(x_train, y_train, epochs=60, verbose=0, callbacks=callbacks)
    plt.plot(history.history["loss"]), plt.xlabel("epoch"), plt.ylabel("loss"), plt.show()
    return model

# %% table
import gc
import timeit


def convolution_macs(is_separable):
    first = macs(size=28, channels=1, filters=8, kernel_size=7, strides=2, separable=is_separable)
    second = macs(size=11, channels=8, filters=16, kernel_size=5, strides=2, separable=is_separable)
    third = macs(size=4, channels=16, filters=32, kernel_size=3, strides=1, separable=is_separable)
    return first + second + third


def seconds(model):
    answers(model, x_test)
    gc.disable()
    best = min(timeit.repeat(lambda: answers(model, x_test), number=1, repeat=5))
    gc.enable()
    return best


dense_layer = 32 * 10
table = {}
for name, model in {"dense": dense, "separable": separable}.items():
    table[name] = {}
    table[name]["parameters"] = int(sum(np.prod(v.shape) for v in model.trainable_variables))
    table[name]["macs"] = convolution_macs(name == "separable") + dense_layer
    with open(f"{name}.keras", "rb") as file:
        table[name]["kilobytes"] = len(file.read()) / 1000
    table[name]["seconds"] = seconds(model)
    table[name]["accuracy"] = round(accuracy(answers(model, x_test), y_test), 4)
