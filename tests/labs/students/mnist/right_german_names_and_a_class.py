"""German names, a builder class and everything kept in it; everything is right."""

# %% network
class Netzbauer:
    """Baut beide Netze aus derselben Liste."""

    SCHICHTEN = [dict(filters=8, kernel_size=7, strides=2),
                 dict(filters=16, kernel_size=5, strides=2),
                 dict(filters=32, kernel_size=3, strides=1)]

    def __init__(self, trennbar, aktivierung):
        self.trennbar = trennbar
        self.aktivierung = aktivierung

    def faltung(self, **angaben):
        if self.trennbar:
            return keras.layers.SeparableConv2D(activation=self.aktivierung, **angaben)
        return keras.layers.Conv2D(activation=self.aktivierung, **angaben)

    def bau(self):
        eingang = keras.Input(shape=[28, 28, 1])
        ausgang = eingang
        for angaben in self.SCHICHTEN:
            ausgang = self.faltung(**angaben)(ausgang)
        ausgang = keras.layers.GlobalAveragePooling2D()(ausgang)
        ausgang = keras.layers.Dense(10, activation="softmax")(ausgang)
        return keras.Model(eingang, ausgang)


def network(separable, activation):
    return Netzbauer(separable, activation).bau()

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    # Plätze pro Achse: aufgerundet (size - k + 1) / strides
    plaetze = -(-(size - kernel_size + 1) // strides)
    tiefe = plaetze**2 * kernel_size**2 * channels
    if separable:
        punkt = plaetze**2 * channels * filters
        return tiefe + punkt
    return tiefe * filters

# %% accuracy
def accuracy(probabilities, labels):
    richtig = 0
    for zeile, ziffer in zip(probabilities, labels):
        if zeile.argmax() == ziffer:
            richtig += 1
    return richtig / len(labels)

# %% fit
def fit(model):
    model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy())
    zufall = np.random.default_rng(7)
    # ein Drittel wie es ist, zwei Drittel bewegt
    bilder = np.concatenate([x_train, moved(x_train, zufall), moved(x_train, zufall)])
    ziffern = np.tile(y_train, 3)
    model.fit(bilder, ziffern, epochs=4 if digits.is_mnist else 40, verbose=0)
    return model

# %% table
table = {}
for art, netz in {"dense": dense, "separable": separable}.items():
    zeile = {}
    zeile["parameters"] = netz.count_params()
    zeile["macs"] = 32 * 10
    groesse, kanaele = 28, 1
    for schicht in Netzbauer.SCHICHTEN:
        zeile["macs"] += macs(groesse, kanaele, **schicht, separable=(art == "separable"))
        groesse = (groesse - schicht["kernel_size"]) // schicht["strides"] + 1
        kanaele = schicht["filters"]
    zeile["kilobytes"] = len(Path(art + ".keras").read_bytes()) / 1000
    answers(netz, x_test)
    anfang = time.monotonic()
    antworten = answers(netz, x_test)
    zeile["seconds"] = time.monotonic() - anfang
    zeile["accuracy"] = accuracy(antworten, y_test)
    table[art] = zeile

# %% challenge
def challenge():
    S = keras.layers
    netz = keras.Sequential([
        keras.Input(shape=(28, 28, 1)),
        S.Conv2D(10, 5, strides=2, activation="relu"),
        S.SeparableConv2D(16, 3, activation="relu"),
        S.AveragePooling2D(2),
        S.SeparableConv2D(27, 3, activation="relu"),
        S.GlobalMaxPooling2D(),
        S.Dense(10, activation="softmax"),
    ])
    print(netz.count_params(), "Parameter")
    netz.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    zufall = np.random.default_rng(11)
    for runde in range(60 if digits.is_mnist else 300):
        netz.fit(moved(x_train, zufall), y_train, verbose=0)
    return netz
