"""Networks that the book compares."""

from collections.abc import Callable, Sequence
from typing import Any

import keras
from keras import layers

from sepconv.layers import xception_block
from sepconv.weights import FOLDER, load_weights

DIGITS = 10
DIGIT_SHAPE = (28, 28, 1)
NORMALIZATIONS: dict[str | None, Callable[[str], layers.Layer] | None] = {
    # No scale is negative, so max pooling between convolution and norm never forbids folding.
    "batch": lambda name: layers.BatchNormalization(gamma_constraint="non_neg", name=name),
    "layer": lambda name: layers.LayerNormalization((1, 2, 3), center=False, scale=False, name=name),
    None: None,
}
POOLINGS = {"max": layers.MaxPooling2D, "avg": layers.AveragePooling2D}


def _mnist(convolution: Callable[..., layers.Layer], activation: str | None, name: str) -> keras.Sequential:
    return keras.Sequential(
        [
            keras.Input(DIGIT_SHAPE),
            convolution(8, 7, strides=2, activation=activation),
            convolution(16, 5, strides=2, activation=activation),
            convolution(32, 3, activation=activation),
            layers.GlobalAveragePooling2D(),
            layers.Dense(10, activation="softmax"),
        ],
        name=name,
    )


def mnist_dense(activation: str | None = None) -> keras.Sequential:
    """Build the sources' network for MNIST from `Conv2D`.

    Parameters
    ----------
    activation : str, optional
        Activation of the three convolutions. The sources print none.

    Returns
    -------
    keras.Sequential
        From (batch, 28, 28, 1) to the probabilities of ten digits; not compiled, not trained.
    """
    return _mnist(layers.Conv2D, activation, "mnist_dense")


def mnist_separable(activation: str | None = None) -> keras.Sequential:
    """Build the sources' network for MNIST from `SeparableConv2D`, otherwise as `mnist_dense`.

    Parameters
    ----------
    activation : str, optional
        Activation of the three convolutions. The sources print none.

    Returns
    -------
    keras.Sequential
        From (batch, 28, 28, 1) to the probabilities of ten digits; not compiled, not trained.
    """
    return _mnist(layers.SeparableConv2D, activation, "mnist_separable")


def residual_network(
    filters: Sequence[int] = (8, 8, 12, 16, 16),
    convolution: str = "SeparableConv2D",
    activation: str = "silu",
    name: str = "residual_network",
) -> keras.Model:
    """Build a small network for MNIST with batch normalization and residual connections.

    A plain convolution, then four layers of 3×3. A layer that keeps the number of channels adds its
    input to its output. Max pooling halves the image twice. Layers have no bias that the
    normalization after them would remove, and normalizations no scale that the layer after them
    can learn instead.

    Parameters
    ----------
    filters : sequence of five ints
        Filters of the plain convolution and of the four layers.
    convolution : {"SeparableConv2D", "Conv2D"}
        Class of the four layers.
    activation : str
        After each normalization.
    name : str

    Returns
    -------
    keras.Model
        From (batch, 28, 28, 1) to the probabilities of ten digits; not compiled, not trained.

    Raises
    ------
    ValueError
        If `convolution` is another class or `filters` has not five entries.

    References
    ----------
    He et al., "Deep Residual Learning for Image Recognition", 2016; Ioffe and Szegedy, "Batch
    Normalization", 2015; Elfwing et al., "Sigmoid-Weighted Linear Units", 2018, for `silu`.
    """
    kinds = {"SeparableConv2D": layers.SeparableConv2D, "Conv2D": layers.Conv2D}
    if convolution not in kinds:
        raise ValueError(f"convolution must be one of {', '.join(kinds)}, got {convolution!r}")
    if len(filters) != 5:
        raise ValueError(f"filters must have five entries, got {tuple(filters)}")
    inputs = keras.Input(DIGIT_SHAPE)
    x = layers.Conv2D(filters[0], 3, use_bias=False, name="layer0")(inputs)
    # Pooled before it is normalized: the same maxima, for a quarter of the work.
    x = layers.MaxPooling2D(name="pool0")(x)
    x = layers.BatchNormalization(scale=False, name="norm0")(x)
    x = layers.Activation(activation, name="activation0")(x)
    for i, width in enumerate(filters[1:], 1):
        y = kinds[convolution](width, 3, padding="same", use_bias=False, name=f"layer{i}")(x)
        y = layers.BatchNormalization(scale=False, name=f"norm{i}")(y)
        if width == x.shape[-1]:
            y = layers.Add(name=f"add{i}")([x, y])
        x = layers.Activation(activation, name=f"activation{i}")(y)
        if i == 1:
            x = layers.MaxPooling2D(name="pool1")(x)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax", name="digits")(x), name=name)


def compact_network(
    filters: Sequence[int] = (8, 8, 10, 14, 18),
    uses: int = 1,
    pooled: Sequence[int] = (0,),
    pooling: str = "max",
    padding: str | Sequence[str] = "same",
    dilation_rate: int | Sequence[int] = 1,
    kernel_size: int = 3,
    residual: bool = True,
    normalization: str | None = "batch",
    activation: str = "silu",
    dense: bool = True,
    name: str = "compact_network",
) -> keras.Model:
    """Build a network for MNIST that spends few parameters on large maps.

    A plain convolution of 3×3, then separable layers. A kernel has as many weights on a large map
    as on a small one, so the image is halved once only, unless `pooled` says otherwise.

    Parameters
    ----------
    filters : sequence of ints
        Filters of the plain convolution, then of each separable layer.
    uses : int
        How often the last separable layer is used, one use after the other; its weights count once.
        More than one needs as many filters in the last layer as in the one before.
    pooled : sequence of ints
        Numbers of the layers that pooling follows; 0 is the plain convolution.
    pooling : {"max", "avg"}
        By the maximum or the mean of 2×2.
    padding : {"same", "valid"}, or a sequence of them
        Of the separable layers: one for all, or one for each.
    dilation_rate : int or sequence of ints
        Likewise.
    kernel_size : int
        Of the separable layers.
    residual : bool
        Whether a layer that keeps the shape of its input adds it to its output.
    normalization : {"batch", "layer"} or None
        After each convolution: batch normalization (a layer used several times then has one for
        each use), layer normalization over all positions and channels without any parameter, or
        none. Convolutions have a bias unless batch normalization would remove it.
    activation : str
        After each normalization.
    dense : bool
        Whether a dense layer makes the ten scores of the means of the last layer's maps. Without
        it, the means are the scores; the last layer must have ten filters, and no activation
        follows it.
    name : str

    Returns
    -------
    keras.Model
        From (batch, 28, 28, 1) to the probabilities of ten digits; not compiled, not trained.

    Raises
    ------
    ValueError
        If there are fewer than two `filters`, or `uses`, `pooling`, `normalization` or `dense`
        cannot be had, or there are not as many paddings or dilation rates as separable layers.
    """
    if len(filters) < 2 or (uses != 1 and (uses < 1 or filters[-1] != filters[-2])):
        raise ValueError(
            "filters must have two entries or more, and end with two equal ones where the last layer is used "
            f"several times, got {tuple(filters)} and uses={uses}"
        )
    if pooling not in POOLINGS:
        raise ValueError(f"pooling must be one of {', '.join(map(repr, POOLINGS))}, got {pooling!r}")
    if normalization not in NORMALIZATIONS:
        kinds = ", ".join(map(repr, NORMALIZATIONS))
        raise ValueError(f"normalization must be one of {kinds}, got {normalization!r}")
    if not dense and filters[-1] != DIGITS:
        raise ValueError(f"filters must end with {DIGITS} where dense is False, got {tuple(filters)}")
    paddings = _for_each("padding", padding, len(filters) - 1)
    dilation_rates = _for_each("dilation_rate", dilation_rate, len(filters) - 1)
    use_bias = normalization != "batch"

    def normalized(x: Any, suffix: str) -> Any:
        layer = NORMALIZATIONS[normalization]
        return layer(f"norm{suffix}")(x) if layer else x

    def activated(x: Any, suffix: str) -> Any:
        return layers.Activation(activation, name=f"activation{suffix}")(x)

    def pool(x: Any, i: int) -> Any:
        return POOLINGS[pooling](2, name=f"pool{i}")(x) if i in pooled else x

    inputs = keras.Input(DIGIT_SHAPE)
    x = layers.Conv2D(filters[0], 3, padding="same", use_bias=use_bias, name="layer0")(inputs)
    if pooling == "max":  # before it is normalized: the same maxima, for a quarter of the work
        x = activated(normalized(pool(x, 0), "0"), "0")
    else:
        x = pool(activated(normalized(x, "0"), "0"), 0)
    for i, width in enumerate(filters[1:], 1):
        times = uses if i == len(filters) - 1 else 1
        layer = layers.SeparableConv2D(
            width,
            kernel_size,
            padding=paddings[i - 1],
            dilation_rate=dilation_rates[i - 1],
            use_bias=use_bias,
            name=f"layer{i}",
        )
        for use in range(times):
            suffix = f"{i}" if times == 1 else f"{i}_{use}"
            y = normalized(layer(x), suffix)
            if residual and y.shape == x.shape:
                y = layers.Add(name=f"add{suffix}")([y, x])
            scores = not dense and i == len(filters) - 1 and use == times - 1
            x = y if scores else activated(y, suffix)
        x = pool(x, i)
    x = layers.GlobalAveragePooling2D(name="mean")(x)
    if dense:
        top = layers.Dense(DIGITS, activation="softmax", name="digits")
    else:
        top = layers.Activation("softmax", name="digits")
    return keras.Model(inputs, top(x), name=name)


def _for_each(name: str, value: Any, count: int) -> list[Any]:
    """Repeat one value for each of `count` layers, or take them as they come."""
    values = list(value) if isinstance(value, (list, tuple)) else [value] * count
    if len(values) != count:
        raise ValueError(f"{name} must be one value or {count}, one for each separable layer, got {value!r}")
    return values


# By the most parameters that each may have: as many as the sources' separable network, and fewer
# than half.
CHAMPIONS: dict[int, dict[str, Any]] = {
    1427: {
        "filters": (11, 12, 14, 19, 10),
        "padding": ("same", "valid", "valid", "valid"),
        "dilation_rate": (1, 1, 2, 2),
        "dense": False,
    },
    690: {
        "filters": (6, 7, 7, 7, 8, 10),
        "padding": ("same", "same", "valid", "valid", "valid"),
        "dilation_rate": (1, 1, 1, 2, 2),
        "pooled": (1,),
        "pooling": "avg",
        "residual": False,
        "dense": False,
    },
}


def champion(parameters: int = 1427, trained: bool = True) -> keras.Model:
    """Build the course's best network for MNIST within a number of parameters.

    It is a `compact_network` whose batch normalization was folded away after the training.

    Parameters
    ----------
    parameters : {1427, 690}
        The most that it may have.
    trained : bool
        True for this package's weights, False for fresh ones.

    Returns
    -------
    keras.Model
        From (batch, 28, 28, 1), ink from 0 to 1, to the probabilities of ten digits; not compiled.

    Raises
    ------
    ValueError
        If there is no champion of so many parameters.
    WeightsError
        If the file of weights is missing or damaged.
    """
    if parameters not in CHAMPIONS:
        raise ValueError(f"parameters must be one of {', '.join(map(str, CHAMPIONS))}, got {parameters!r}")
    name = f"champion_{parameters}"
    model = compact_network(**CHAMPIONS[parameters], normalization=None, name=name)
    return load_weights(model, FOLDER / f"{name}.npz") if trained else model


def pretrained(name: str) -> keras.Sequential:
    """Build one of the sources' networks with this package's weights.

    Parameters
    ----------
    name : {"mnist_dense", "mnist_dense_relu", "mnist_separable", "mnist_separable_relu"}
        Without ReLU between the layers, as the sources print them, or with it.

    Returns
    -------
    keras.Sequential

    Raises
    ------
    ValueError
        If `name` is another name.
    WeightsError
        If the file of weights is missing or damaged.
    """
    base = name.removesuffix("_relu")
    builders = {"mnist_dense": mnist_dense, "mnist_separable": mnist_separable}
    if base not in builders:
        raise ValueError(f"name must be one of {', '.join(builders)}, with or without _relu, got {name!r}")
    model = builders[base]("relu" if name != base else None)
    return load_weights(model, FOLDER / f"{name}.npz")


def fully_convolutional(
    classifier: keras.Model, input_shape: tuple[int | None, int | None, int] | None = None
) -> keras.Model:
    """Turn a classifier into a network for pictures of any size, with the same weights.

    The mean over all positions becomes a mean over windows of the size that it used to have, and a
    dense layer after it a 1×1 convolution: one answer for each place of the window.

    Parameters
    ----------
    classifier : keras.Model
        Ends with global average pooling and a dense layer, or an activation alone. It has one input
        of a fixed size.
    input_shape : (int or None, int or None, int), optional
        Height, width and channels; by default any height and width.

    Returns
    -------
    keras.Model
        From (batch, height, width, channels) to (batch, rows, columns, classes); one row and one
        column for a picture of the classifier's own size. Its layers are copies.

    Raises
    ------
    ValueError
        If the classifier does not end that way.

    References
    ----------
    Long et al., "Fully Convolutional Networks for Semantic Segmentation", 2015.
    """
    mean, top = classifier.layers[-2:]
    if not isinstance(mean, layers.GlobalAveragePooling2D) or not isinstance(
        top, (layers.Dense, layers.Activation)
    ):
        found = " and ".join(type(layer).__name__ for layer in (mean, top))
        raise ValueError(
            f"classifier must end with GlobalAveragePooling2D and Dense or Activation, got {found}"
        )
    window = mean.input.shape[1:3]
    instead: dict[str, Callable[[], keras.layers.Layer]] = {
        mean.name: lambda: layers.AveragePooling2D(window, strides=1, name=mean.name)
    }
    if isinstance(top, layers.Dense):
        instead[top.name] = lambda: layers.Conv2D(top.units, 1, activation=top.activation, name=top.name)

    def copy(layer: keras.layers.Layer) -> keras.layers.Layer:
        make = instead.get(layer.name)
        return type(layer).from_config(layer.get_config()) if make is None else make()

    inputs = keras.Input(input_shape or (None, None, classifier.input_shape[-1]))
    network = keras.models.clone_model(classifier, input_tensors=inputs, clone_function=copy)
    for layer in classifier.layers:
        if layer.weights:
            there = network.get_layer(layer.name)
            there.set_weights(
                [old.reshape(new.shape) for old, new in zip(layer.get_weights(), there.weights, strict=True)]
            )
    return network


def mini_xception(
    input_shape: tuple[int | None, int | None, int] = (None, None, 3),
    classes: int = 10,
    filters: Sequence[int] = (16, 32, 64),
    middle: int = 1,
) -> keras.Model:
    """Build a small Xception: an entry flow that halves, a middle flow that keeps, an exit.

    Parameters
    ----------
    input_shape : (int or None, int or None, int)
        Height and width may be left open.
    classes : int
    filters : sequence of ints
        Filters of the plain convolution at the start, then of one halving block each.
    middle : int
        Number of blocks of three separable layers that keep size and channels.

    Returns
    -------
    keras.Model
        From images to the probabilities of the classes; not compiled, not trained.

    References
    ----------
    Chollet, "Xception: Deep Learning with Depthwise Separable Convolutions", 2017, figure 5.
    """
    inputs = keras.Input(input_shape)
    x = layers.Conv2D(filters[0], 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    for i, width in enumerate(filters[1:]):
        x = xception_block(x, width, start_with_relu=i > 0)
    for _ in range(middle):
        x = xception_block(x, filters[-1], repeats=3, strides=1)
    x = layers.SeparableConv2D(2 * filters[-1], 3, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization()(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(classes, activation="softmax")(x), name="mini_xception")
