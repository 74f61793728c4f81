"""No patience: trains for one short epoch, takes the time of the very first call, forgets the dense layer.

test_trained: 2 of 3, the networks read fewer than 60 of 100 moved digits
test_table: 1 of 2, the dense layer's MACs are missing; that there was no warm-up cannot be seen
test_challenge: 1 of 6, hardly trained, and never on moved digits
"""
# rest: right_golf_with_walrus_and_lambdas
# file: dense.keras = dense_untrained
# file: separable.keras = separable_untrained
# file: challenge.keras = challenge_one_point

# %% network
def network(separable, activation):
    L = keras.layers
    a = dict(activation=activation)
    if separable: cs = [L.SeparableConv2D(8,7,2,**a), L.SeparableConv2D(16,5,2,**a), L.SeparableConv2D(32,3,**a)]
    else: cs = [L.Conv2D(8,7,2,**a), L.Conv2D(16,5,2,**a), L.Conv2D(32,3,**a)]
    return keras.Sequential([L.Input((28,28,1))] + cs + [L.GlobalAveragePooling2D(), L.Dense(10,activation='softmax')])

# %% fit
def fit(model):
    model.compile(loss='sparse_categorical_crossentropy', optimizer=keras.optimizers.Adam(1e-4))
    model.fit(x_train[:1000], y_train[:1000], epochs=1)
    return model

# %% table
table = {}
for n, m in ('dense', dense), ('separable', separable):
    t = time.time(); p = m.predict(x_test, verbose=0); t = time.time() - t
    table[n] = {'parameters': m.count_params(),
                'macs': sum(macs(*x, separable=n=='separable') for x in [(28,1,8,7,2),(11,8,16,5,2),(4,16,32,3,1)]),
                'kilobytes': os.path.getsize(n+'.keras')/1000, 'seconds': t, 'accuracy': accuracy(p, y_test)}

# %% challenge
def challenge():
    m = keras.Sequential([keras.Input((28,28,1)), keras.layers.MaxPooling2D(4), keras.layers.Flatten(),
                          keras.layers.Dense(20, activation='relu'), keras.layers.Dense(10, activation='softmax')])
    m.compile(loss='sparse_categorical_crossentropy', optimizer='adam')
    m.fit(x_train, y_train, epochs=1 if digits.is_mnist else 10, verbose=0)
    return m
