"""Takes each separable convolution apart into two layers, and is careful with the bias; everything is right."""
# file: separable.keras = separable_in_parts

# %% network
from keras import layers as L

def network(separable, activation):
    # a separable convolution IS a depthwise one and a 1x1 one. The bias (and the activation)
    # only come once, at the end, otherwise I get 1452 parameters instead of 1427.
    def conv(x, filters, k, s):
        if not separable:
            return L.Conv2D(filters, k, strides=s, activation=activation)(x)
        x = L.DepthwiseConv2D(k, strides=s, use_bias=False)(x)
        return L.Conv2D(filters, 1, activation=activation)(x)

    picture = keras.Input((28, 28, 1))
    h = conv(picture, 8, 7, 2)
    h = conv(h, 16, 5, 2)
    h = conv(h, 32, 3, 1)
    h = L.GlobalAveragePooling2D()(h)
    return keras.Model(picture, L.Dense(10, activation='softmax')(h))

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    places = ((size - kernel_size) // strides + 1) ** 2
    if separable:
        # depthwise = k*k weights per channel, pointwise = a 1x1 dense convolution
        per_place = kernel_size**2 * channels + channels * filters
    else:
        per_place = kernel_size**2 * channels * filters
    return places * per_place

# %% accuracy
def accuracy(probabilities, labels):
    said = probabilities.argmax(axis=-1)
    return float((said == labels).sum() / len(labels))

# %% fit
def fit(model):
    model.compile("adam", "sparse_categorical_crossentropy")
    rng = np.random.default_rng(1)
    rounds = 5 if digits.is_mnist else 50
    for _ in range(rounds):
        model.fit(moved(x_train, rng), y_train, batch_size=64, verbose=0)
    return model

# %% table
def row(model, path, separable):
    convs = [(28, 1, 8, 7, 2), (11, 8, 16, 5, 2), (4, 16, 32, 3, 1)]
    answers(model, x_test)
    t0 = time.perf_counter()
    p = answers(model, x_test)
    seconds = time.perf_counter() - t0
    return dict(
        parameters=model.count_params(),
        macs=sum(macs(*c, separable=separable) for c in convs) + 32 * 10,
        kilobytes=Path(path).stat().st_size / 1000,
        seconds=seconds,
        accuracy=accuracy(p, y_test),
    )

table = dict(
    dense=row(dense, "dense.keras", False),
    separable=row(separable, "separable.keras", True),
)

# %% challenge
def challenge():
    inp = keras.Input((28, 28, 1))
    x = L.Conv2D(8, 3, padding='same', activation='relu')(inp)       # 80
    again = L.Conv2D(8, 3, padding='same', activation='relu')        # 584, but used three times!
    x = L.MaxPooling2D()(again(x))
    x = L.MaxPooling2D()(again(x))
    x = L.MaxPooling2D()(again(x))                                   # 3x3x8
    x = L.Flatten()(x)
    out = L.Dense(10, activation='softmax')(x)                       # 730
    model = keras.Model(inp, out)
    assert model.count_params() <= PARAMETERS
    model.compile("adam", "sparse_categorical_crossentropy")
    rng = np.random.default_rng(5)
    for i in range(40 if digits.is_mnist else 200):
        model.fit(moved(x_train, rng), y_train, batch_size=64, verbose=0)
    return model
