"""Has always written padding="same", and counts the same way.

test_network: 3 of 4, the convolutions pad, in both networks
test_macs: 2 of 3, a place for every pixel, rounded up, as if padded
"""
# file: dense.keras = dense_padding_same
# file: separable.keras = separable_padding_same

# %% network
import math
from keras.layers import *
from keras.models import Sequential

def network(separable, activation):
    """Make one of the two networks, untrained."""
    model = Sequential()
    model.add(Input((28,28,1)))
    if separable:
        model.add(SeparableConv2D(8, (7,7), strides=(2,2), padding='same', activation=activation))
        model.add(SeparableConv2D(16, (5,5), strides=(2,2), padding='same', activation=activation))
        model.add(SeparableConv2D(32, (3,3), padding='same', activation=activation))
    else:
        model.add(Conv2D(8, (7,7), strides=(2,2), padding='same', activation=activation))
        model.add(Conv2D(16, (5,5), strides=(2,2), padding='same', activation=activation))
        model.add(Conv2D(32, (3,3), padding='same', activation=activation))
    model.add(GlobalAveragePooling2D())
    model.add(Dense(10, activation='softmax'))
    return model

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    out = math.ceil(size/strides)
    if separable:
        return out*out*(kernel_size*kernel_size*channels + channels*filters)
    return out*out*kernel_size*kernel_size*channels*filters

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    return np.equal(np.argmax(probabilities, 1), labels).astype(float).mean()

# %% fit
def fit(model):
    """Compile and train a network on the training digits; return it."""
    model.compile(loss='sparse_categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    model.fit(x_train, y_train, epochs=5 if digits.is_mnist else 100, verbose=2, validation_data=(x_test, y_test))
    return model

# %% table
table = {}
for name, model in [('dense', dense), ('separable', separable)]:
    s = name == 'separable'
    answers(model, x_test)
    start = time.time()
    pred = answers(model, x_test)
    table[name] = {
        'parameters': model.count_params(),
        'seconds': time.time() - start,
        'macs': macs(28,1,8,7,2,s) + macs(14,8,16,5,2,s) + macs(7,16,32,3,1,s) + 32*10,
        'kilobytes': os.path.getsize(name+'.keras')/1000,
        'accuracy': accuracy(pred, y_test)
    }

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    model = Sequential([
        Input((28,28,1)),
        Conv2D(8, 3, padding='same', activation='relu'),
        MaxPooling2D(),
        SeparableConv2D(16, 3, padding='same', activation='relu'),
        MaxPooling2D(),
        SeparableConv2D(32, 3, padding='same', activation='relu'),
        GlobalMaxPooling2D(),
        Dense(10, activation='softmax')
    ])
    model.compile(loss='sparse_categorical_crossentropy', optimizer='adam')
    for i in range(50):
        model.fit(moved(x_train, np.random.default_rng(i)), y_train, verbose=0)
    return model
