"""As short as Python lets it be; everything is right.
"""

# %% network
def network(separable, activation):
    C = (keras.layers.Conv2D, keras.layers.SeparableConv2D)[separable]
    return keras.Sequential([keras.Input((28, 28, 1)), *(C(f, k, s, activation=activation) for f, k, s in zip((8, 16, 32), (7, 5, 3), (2, 2, 1))), keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(10, "softmax")])

# %% macs
macs = lambda size, channels, filters, kernel_size, strides=1, separable=False: ((size - kernel_size) // strides + 1) ** 2 * channels * (kernel_size ** 2 + filters if separable else kernel_size ** 2 * filters)

# %% accuracy
accuracy = lambda probabilities, labels: np.mean(np.argmax(probabilities, 1) == labels)

# %% fit
def fit(model):
    model.compile("nadam", "sparse_categorical_crossentropy"); model.fit(x_train, y_train, epochs=50, verbose=0); return model

# %% table
def timed(m): t = time.perf_counter(); answers(m, x_test); return time.perf_counter() - t
table = {n: {"parameters": m.count_params(), "macs": sum(macs(*a, separable=n == "separable") for a in ((28, 1, 8, 7, 2), (11, 8, 16, 5, 2), (4, 16, 32, 3))) + 320, "kilobytes": os.stat(n + ".keras").st_size / 1000, "seconds": min(timed(m) for _ in range(3)), "accuracy": accuracy(answers(m, x_test), y_test)} for n, m in (("dense", dense), ("separable", separable))}

# %% challenge
def challenge():
    return fit(keras.Sequential([keras.Input((28, 28, 1)), keras.layers.Conv2D(6, 5, 2, activation="elu"), keras.layers.SeparableConv2D(16, 3, activation="elu"), keras.layers.MaxPooling2D(), keras.layers.SeparableConv2D(26, 3, activation="elu"), keras.layers.GlobalMaxPooling2D(), keras.layers.Dense(10, "softmax")]))
