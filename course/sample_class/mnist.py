"""Students of the MNIST lab: what each hands in, and the points that each deserves.

The networks in `trained/` were made from scikit-learn's digits by the lab's own solution, with more
epochs: the lab grades those wherever it is graded.
"""

from pathlib import Path

TRAINED = Path(__file__).parent / "trained"
FULL = {
    "test_network": 4,
    "test_macs": 3,
    "test_accuracy": 2,
    "test_trained": 3,
    "test_table": 2,
    "test_challenge": 6,
    "first_answer": None,
}
NOTHING = dict.fromkeys(FULL, 0)

PADDED = """
def network(separable, activation):
    convolution = keras.layers.SeparableConv2D if separable else keras.layers.Conv2D
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            convolution(8, 7, strides=2, padding="same", activation=activation),
            convolution(16, 5, strides=2, padding="same", activation=activation),
            convolution(32, 3, padding="same", activation=activation),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
"""
STRIDES_IGNORED = """
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    places = (size - kernel_size + 1) ** 2
    if separable:
        return places * (kernel_size**2 * channels + channels * filters)
    return places * kernel_size**2 * channels * filters
"""
ALL = {name: TRAINED / f"{name}.keras" for name in ("dense", "separable", "challenge")}


def _all(right):
    return right


# By student: the points deserved, and the answers, made from the instructor's right ones.
STUDENTS = {
    "perfect": (FULL, _all),
    "untouched": (NOTHING, lambda right: {}),
    # Everything is right but for the files, without which nothing can be measured either.
    "no_files": (FULL | {"test_trained": 0, "test_table": 0, "test_challenge": 0}, _all),
    # Its networks have the right parameters and shapes (2 of 4); its count ignores strides, which
    # costs a point there and none in the table that follows from it; and the dense network, handed
    # in for the challenge, is too large.
    "half_right": (
        FULL | {"test_network": 3, "test_macs": 2, "test_challenge": 0},
        lambda right: right | {"network": PADDED, "macs": STRIDES_IGNORED},
    ),
}
# By student: what is handed in beside the notebook.
FILES = {
    "perfect": ALL,
    "half_right": ALL | {"challenge": TRAINED / "dense.keras"},
}
