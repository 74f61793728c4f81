"""Learned Haskell first: reduce, partial and recursion wherever possible; everything is right."""

# %% network
from functools import partial, reduce
from itertools import accumulate, starmap
from operator import mul

LAYERS = ((8, 7, 2), (16, 5, 2), (32, 3, 1))

def compose(*fs):
    return lambda x: reduce(lambda value, f: f(value), fs, x)

def network(separable, activation):
    conv = partial(getattr(keras.layers, "Separable" * separable + "Conv2D"), activation=activation)
    body = compose(*starmap(conv, LAYERS), keras.layers.GlobalAveragePooling2D(),
                   keras.layers.Dense(10), keras.layers.Activation("softmax"))
    x = keras.Input((28, 28, 1))
    return keras.Model(x, body(x))

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    def places(left):
        return 0 if left < kernel_size else 1 + places(left - strides)
    product = lambda *numbers: reduce(mul, numbers, 1)
    n = places(size)
    if not separable:
        return product(n, n, kernel_size, kernel_size, channels, filters)
    # depthwise = per channel a convolution from 1 to 1, pointwise = dense 1x1 over what came out
    return channels * macs(size, 1, 1, kernel_size, strides) + macs(n, channels, filters, 1)

# %% accuracy
def accuracy(probabilities, labels):
    largest = lambda p: max(range(len(p)), key=p.__getitem__)
    hits = [largest(list(p)) == l for p, l in zip(probabilities, labels)]
    return sum(hits) / len(hits)

# %% fit
def fit(model):
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    model.fit(x_train, y_train, epochs=12 if digits.is_mnist else 120, verbose=0)
    return model

# %% table
inputs_of = list(accumulate(LAYERS, lambda before, l: ((before[0] - l[1]) // l[2] + 1, l[0]), initial=(28, 1)))

def seconds(f):
    f()
    return (lambda t: (f(), time.perf_counter() - t))(time.perf_counter())[1]

def line(name, model, sep):
    return {
        "parameters": model.count_params(),
        "macs": sum(macs(s, c, *layer, sep) for (s, c), layer in zip(inputs_of, LAYERS)) + inputs_of[-1][1] * 10,
        "kilobytes": file_size(f"{name}.keras") / 1000,
        "seconds": seconds(lambda: answers(model, x_test)),
        "accuracy": accuracy(answers(model, x_test), y_test),
    }

table = {name: line(name, *rest) for name, *rest in (("dense", dense, False), ("separable", separable, True))}

# %% challenge
def challenge():
    x = keras.Input((28, 28, 1))
    sep = partial(keras.layers.SeparableConv2D, kernel_size=3, activation="relu")
    body = compose(keras.layers.Conv2D(6, 3, activation="relu"), sep(12), keras.layers.MaxPooling2D(),
                   sep(16), keras.layers.MaxPooling2D(), sep(26),
                   keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(10, "softmax"))
    model = keras.Model(x, body(x))
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    return reduce(lambda m, i: (m.fit(moved(x_train, np.random.default_rng(i)), y_train, verbose=0), m)[1], range(80), model)
