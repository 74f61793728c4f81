"""Cares about the challenge only and takes the rest as a chore, with terse code; everything is right.
"""
# rest: one_liners

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    n, k = (size - kernel_size) // strides + 1, kernel_size
    if separable: return n * n * channels * (k * k + filters)
    return n * n * channels * k * k * filters

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    return (np.argmax(probabilities, axis=1) - labels == 0).mean()

# %% challenge
from scipy import ndimage

def jitter(x, rng):
    """What the text says the grader does: shift 1.5, turn 8 degrees, scale 8 %."""
    out = np.empty_like(x)
    for i in range(len(x)):
        a, s = np.deg2rad(rng.uniform(-8, 8)), 1 + rng.uniform(-0.08, 0.08)
        m = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) / s
        off = 13.5 - m @ (np.array([13.5, 13.5]) + rng.uniform(-1.5, 1.5, 2))
        out[i, :, :, 0] = ndimage.affine_transform(x[i, :, :, 0], m, off, order=1)
    return out

def challenge():
    """Make and train a network within the bounds; return it."""
    L, rng = keras.layers, np.random.default_rng(0)
    x = inp = keras.Input((28, 28, 1))
    x = L.Conv2D(8, 3, 1, use_bias=False)(x)
    x = L.BatchNormalization()(x); x = L.ReLU()(x); x = L.MaxPooling2D()(x)
    x = L.SeparableConv2D(14, 3, activation="relu")(x)
    x = L.MaxPooling2D()(x)
    x = L.SeparableConv2D(24, 3, activation="relu")(x)
    x = L.SpatialDropout2D(0.05)(x)
    x = L.GlobalAveragePooling2D()(x)
    m = keras.Model(inp, L.Dense(10, "softmax")(x))
    if m.count_params() > PARAMETERS: raise ValueError(m.count_params())
    m.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy")
    for e in range(10 if digits.is_mnist else 60):
        m.optimizer.learning_rate = 3e-3 * 0.95 ** e
        m.fit(jitter(x_train, rng), y_train, epochs=1, verbose=0)
    return m
