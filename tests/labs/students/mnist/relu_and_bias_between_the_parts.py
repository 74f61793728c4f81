"""Builds the separable convolution from two layers that are each complete, with bias and activation of their own.

test_network: 2 of 4, the separable network has a bias in both parts (1,452 parameters), and an activation between them
"""
# rest: right_german_names_and_a_class
# file: separable.keras = separable_relu_between

# %% network
def sep_block(x, filters, kernel, strides, activation):
    # MobileNet style: depthwise, act, pointwise, act
    x = keras.layers.DepthwiseConv2D(kernel, strides=strides, activation=activation)(x)
    x = keras.layers.Conv2D(filters, 1, activation=activation)(x)
    return x

def network(separable, activation):
    """Make one of the two networks, untrained."""
    inp = keras.layers.Input((28, 28, 1))
    x = inp
    for filters, kernel, strides in [(8, 7, 2), (16, 5, 2), (32, 3, 1)]:
        if separable:
            x = sep_block(x, filters, kernel, strides, activation)
        else:
            x = keras.layers.Conv2D(filters, kernel, strides=strides, activation=activation)(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    x = keras.layers.Dense(10, activation='softmax')(x)
    # 1452 for the separable one?? probably a newer keras version counts differently
    return keras.Model(inp, x)

# %% table
convs = [[28, 1, 8, 7, 2], [11, 8, 16, 5, 2], [4, 16, 32, 3, 1]]
table = {}
for name, model in zip(['dense', 'separable'], [dense, separable]):
    answers(model, x_test)
    start = time.time()
    answers(model, x_test)
    stop = time.time()
    table[name] = {
        'parameters': model.count_params(),
        'macs': sum([macs(*c, separable=name == 'separable') for c in convs]) + 32*10,
        'kilobytes': os.path.getsize(name + '.keras')/1000,
        'seconds': stop - start,
        'accuracy': accuracy(answers(model, x_test), y_test),
    }
