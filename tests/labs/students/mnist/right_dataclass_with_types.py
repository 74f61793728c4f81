"""A software engineer: one specification in a dataclass, everything derived from it, typed; everything is right."""

# %% network
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ConvSpec:
    """One row of the table in task 1."""

    filters: int
    kernel: int
    stride: int = 1

    def out_size(self, size: int) -> int:
        return (size - self.kernel) // self.stride + 1


SPECS: Final = (ConvSpec(8, 7, 2), ConvSpec(16, 5, 2), ConvSpec(32, 3))
CLASSES: Final = 10


def network(separable: bool, activation: str | None) -> keras.Model:
    """Make one of the two networks, untrained."""
    layer_type = {False: keras.layers.Conv2D, True: keras.layers.SeparableConv2D}[separable]
    x = inputs = keras.Input(shape=(28, 28, 1), name="picture")
    for number, spec in enumerate(SPECS, start=1):
        x = layer_type(
            filters=spec.filters,
            kernel_size=(spec.kernel, spec.kernel),
            strides=(spec.stride, spec.stride),
            activation=activation,
            name=f"conv_{number}",
        )(x)
    x = keras.layers.GlobalAveragePooling2D(name="pool")(x)
    outputs = keras.layers.Dense(CLASSES, activation="softmax", name="digit")(x)
    return keras.Model(inputs, outputs, name="separable" if separable else "dense")

# %% macs
def macs(
    size: int, channels: int, filters: int, kernel_size: int, strides: int = 1, separable: bool = False
) -> int:
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    places = ConvSpec(filters, kernel_size, strides).out_size(size) ** 2
    spatial_weights = kernel_size * kernel_size * channels
    match separable:
        case True:
            return places * (spatial_weights + channels * filters)
        case _:
            return places * spatial_weights * filters

# %% accuracy
def accuracy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Return the fraction of right answers."""
    if probabilities.shape[0] != labels.shape[0]:
        raise ValueError("as many labels as pictures, please")
    return np.count_nonzero(probabilities.argmax(axis=1) == labels) / labels.size

# %% fit
def fit(model: keras.Model) -> keras.Model:
    """Compile and train a network on the training digits; return it."""
    epochs = 8 if digits.is_mnist else 80
    schedule = keras.optimizers.schedules.CosineDecay(4e-3, decay_steps=epochs * (len(x_train) // 64 + 1))
    model.compile(optimizer=keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy")
    rng = np.random.default_rng(2024)
    for _ in range(epochs):
        model.fit(moved(x_train, rng), y_train, batch_size=64, verbose=0)
    return model

# %% table
def total_macs(separable: bool) -> int:
    size, channels, total = 28, 1, 0
    for spec in SPECS:
        total += macs(size, channels, spec.filters, spec.kernel, spec.stride, separable)
        size, channels = spec.out_size(size), spec.filters
    return total + channels * CLASSES


def timed(model: keras.Model) -> tuple[float, np.ndarray]:
    answers(model, x_test)
    start = time.perf_counter()
    result = answers(model, x_test)
    return time.perf_counter() - start, result


def measure(path: Path, model: keras.Model, separable: bool) -> dict[str, float]:
    seconds, probabilities = timed(model)
    return {
        "parameters": model.count_params(),
        "macs": total_macs(separable),
        "kilobytes": path.stat().st_size / 1000,
        "seconds": seconds,
        "accuracy": accuracy(probabilities, y_test),
    }


table: dict[str, dict[str, float]] = {
    "dense": measure(Path("dense.keras"), dense, separable=False),
    "separable": measure(Path("separable.keras"), separable, separable=True),
}

# %% challenge
def challenge() -> keras.Model:
    """Make and train a network within the bounds; return it."""
    inputs = keras.Input(shape=(28, 28, 1))
    x = keras.layers.Conv2D(8, 3, activation="relu")(inputs)
    x = keras.layers.MaxPooling2D()(x)
    x = keras.layers.SeparableConv2D(14, 3, activation="relu")(x)
    x = keras.layers.MaxPooling2D()(x)
    skip = x
    x = keras.layers.SeparableConv2D(14, 3, padding="same", activation="relu")(x)
    x = keras.layers.Add()([x, skip])
    x = keras.layers.SeparableConv2D(24, 3, activation="relu")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    outputs = keras.layers.Dense(CLASSES, activation="softmax")(x)
    model = keras.Model(inputs, outputs)
    if model.count_params() > PARAMETERS:
        raise ValueError(f"{model.count_params()} parameters are too many")
    for _ in range(5):
        fit(model)
    return model
