"""Keras' variables are made quickly in a worker and a judge, and are Keras' own in all else."""

HELPER = "import keras, numpy as np\nimport tensorflow as tf"
ANSWER = """
def net():
    inputs = keras.Input((4,))
    return keras.Model(inputs, keras.layers.Dense(2)(keras.layers.Dense(3)(inputs)))

paths = [weight.path for weight in net().weights]
names = [weight.value.name for weight in net().weights]
with tf.name_scope("own"):
    own = tf.Variable(1.0, name="v").name
made = []
@tf.function
def traced(x):
    if not made:
        made.append(keras.layers.Dense(2))
    return made[0](x)
shape = traced(tf.ones((3, 4))).shape
a = net()
a.compile("adam", "mse")
losses = a.fit(np.ones((4, 4)), np.zeros((4, 2)), epochs=3, verbose=0).history["loss"]
"""


def test_names_of_keras_stay_and_those_of_tensorflow_are_short(graded_with_keras):
    result = graded_with_keras(
        ANSWER,
        "assert sorted(paths) == ['dense/bias', 'dense/kernel', 'dense_1/bias', 'dense_1/kernel'], paths",
        "assert names == ['variable:0'] * 4, names",
        "assert own == 'own/v:0', own",
        "assert tuple(shape) == (3, 2)",
        "assert losses[0] > losses[-1]",
        "one = keras.layers.Dense(1)\none.build((1, 1))\nassert one.kernel.value.name == 'variable:0'",
        helper=HELPER,
        memory_bytes=2**31,
        cell_seconds=60,
        question_seconds=60,
        submission_seconds=200,
    )
    assert result.scores == [1.0] * 6, (result.messages, result.shown())
