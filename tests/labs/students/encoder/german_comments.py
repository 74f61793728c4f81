"""Kommentare auf Deutsch, gemeinsame Einstellungen in einem dict, functools.partial; everything is right."""

# %% conv2d_params
def paar(k):
    """Zahl -> Paar (Höhe, Breite)"""
    return tuple(np.atleast_1d(k).repeat(2)[:2]) if np.ndim(k) == 0 else tuple(k)


def conv2d_params(kernel_size, channels, filters, use_bias=True):
    h, b = paar(kernel_size)
    anzahl = int(h) * int(b) * channels * filters
    return anzahl + filters if use_bias else anzahl      # Bias: einer pro Filter

# %% separable_conv2d_params
def separable_conv2d_params(kernel_size, channels, filters, depth_multiplier=1, use_bias=True):
    h, b = paar(kernel_size)
    karten = channels * depth_multiplier                  # Karten zwischen den beiden Schritten
    anzahl = karten * (int(h) * int(b) + filters)
    return anzahl + filters if use_bias else anzahl

# %% dense_kernel
def dense_kernel(depthwise_kernel, pointwise_kernel):
    h, b, kanaele, m = depthwise_kernel.shape
    # Block-Matrix: (kanaele*m) Karten -> Kanal, zu dem sie gehören
    ergebnis = []
    for kanal in range(kanaele):
        gewichte = pointwise_kernel[0, 0, kanal * m : kanal * m + m, :]      # (m, filters)
        ergebnis.append(np.tensordot(depthwise_kernel[:, :, kanal, :], gewichte, axes=1))
    return np.stack(ergebnis, axis=2)

# %% fold_batch_norm
def fold_batch_norm(kernel, bias, gamma, beta, mean, variance, epsilon=1e-3):
    streuung = np.sqrt(variance + epsilon)
    faktor = gamma / streuung
    verschiebung = beta - mean * faktor
    return kernel * faktor, bias * faktor + verschiebung

# %% separable_conv2d_batchnorm
from functools import partial

wie_immer = dict(padding="same", activation="relu")       # gilt für beide Schichten
Trennbar = partial(keras.layers.SeparableConv2D, kernel_size=3, **wie_immer)
Dicht = partial(keras.layers.Conv2D, **wie_immer)


def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    y = Trennbar(filters, strides=strides)(input_layer)
    return keras.layers.BatchNormalization()(y)

# %% conv2d_batchnorm
def conv2d_batchnorm(input_layer, filters, kernel_size=3, strides=1):
    y = Dicht(filters, kernel_size=kernel_size, strides=strides)(input_layer)
    return keras.layers.BatchNormalization()(y)

# %% encoder_block
encoder_block = lambda input_layer, filters, strides: separable_conv2d_batchnorm(input_layer, filters, strides)

# %% encoder
def encoder(input_shape, block_filters, filters):
    def weiter(x, rest):
        # rekursiv: erster Block, dann der Rest
        if len(rest) == 0:
            return conv2d_batchnorm(x, filters, kernel_size=1)
        return weiter(encoder_block(x, rest[0], strides=2), rest[1:])

    bild = keras.Input(shape=input_shape)
    return keras.Model(bild, weiter(bild, block_filters))

# %% rank_answer
Der Rang ist höchstens m, weil A_c = D_c · P_c. Dicht: bis 9. Ab m = 9 geht alles, gespart wird nichts.
