"""Forgets the strides of the second convolution in the network (the parameters agree all the same).

test_network: 2 of 4, strides 1 instead of 2 in the second layer of both networks
"""
# file: dense.keras = dense_second_stride_forgotten
# file: separable.keras = separable_second_stride_forgotten
# rest: typed_and_asserted

# %% network
from dataclasses import asdict, dataclass

@dataclass
class Layer:
    filters: int
    kernel: int
    strides: int

ARCHITECTURE = (Layer(8, 7, 2), Layer(16, 5, 2), Layer(32, 3, 1))

def network(separable, activation):
    """Make one of the two networks, untrained."""
    if separable:
        model = keras.Sequential([
            keras.Input((28, 28, 1)),
            keras.layers.SeparableConv2D(8, 7, strides=2, activation=activation),
            keras.layers.SeparableConv2D(16, 5, activation=activation),
            keras.layers.SeparableConv2D(32, 3, activation=activation),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax")])
    else:
        model = keras.Sequential([
            keras.Input((28, 28, 1)),
            keras.layers.Conv2D(8, 7, strides=2, activation=activation),
            keras.layers.Conv2D(16, 5, activation=activation),
            keras.layers.Conv2D(32, 3, activation=activation),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax")])
    print("parameters:", model.count_params())   # 8586 / 1427, good
    return model
