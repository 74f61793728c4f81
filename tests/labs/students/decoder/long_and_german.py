"""A beginner with German names, prints and many steps; everything is right.
"""

# %% insert_zeros
def insert_zeros(x, strides):
    # zuerst schauen, ob strides eine Zahl ist
    if isinstance(strides, int):
        schritt_hoehe = strides
        schritt_breite = strides
    else:
        schritt_hoehe = strides[0]
        schritt_breite = strides[1]

    anzahl = x.shape[0]
    hoehe = x.shape[1]
    breite = x.shape[2]
    kanaele = x.shape[3]

    neue_hoehe = (hoehe - 1) * schritt_hoehe + 1
    neue_breite = (breite - 1) * schritt_breite + 1

    neu = np.zeros((anzahl, neue_hoehe, neue_breite, kanaele))
    for zeile in range(hoehe):
        for spalte in range(breite):
            neu[:, zeile * schritt_hoehe, spalte * schritt_breite, :] = x[:, zeile, spalte, :]

    return neu

# test
print(insert_zeros(np.array([[1, 2], [3, 4]]).reshape(1, 2, 2, 1), 2)[0, :, :, 0])

# %% conv2d_transpose
def conv2d_transpose(x, kernel, strides=1, padding="valid"):
    if isinstance(strides, int):
        strides = (strides, strides)
    auseinander = insert_zeros(x, strides)

    kern_hoehe = kernel.shape[0]
    kern_breite = kernel.shape[1]
    filter_zahl = kernel.shape[2]

    # Ring aus Nullen
    mit_ring = np.pad(
        auseinander,
        [[0, 0], [kern_hoehe - 1, kern_hoehe - 1], [kern_breite - 1, kern_breite - 1], [0, 0]],
    )

    # Kern um 180 Grad drehen
    gedreht = kernel[::-1, ::-1, :, :]

    ergebnis_hoehe = mit_ring.shape[1] - kern_hoehe + 1
    ergebnis_breite = mit_ring.shape[2] - kern_breite + 1
    ergebnis = np.zeros((x.shape[0], ergebnis_hoehe, ergebnis_breite, filter_zahl))

    for i in range(ergebnis_hoehe):
        for j in range(ergebnis_breite):
            fenster = mit_ring[:, i:i + kern_hoehe, j:j + kern_breite, :]
            ergebnis[:, i, j, :] = np.einsum("bhwc,hwfc->bf", fenster, gedreht)

    if padding == "valid":
        return ergebnis
    if padding == "same":
        zuviel_oben_unten = kern_hoehe - strides[0]
        zuviel_links_rechts = kern_breite - strides[1]
        oben = zuviel_oben_unten // 2
        unten = zuviel_oben_unten - oben
        links = zuviel_links_rechts // 2
        rechts = zuviel_links_rechts - links
        return ergebnis[:, oben:ergebnis_hoehe - unten, links:ergebnis_breite - rechts, :]
    raise ValueError("padding?")

# %% bilinear_kernel
def bilinear_kernel(factor, channels):
    # Faktor 2:  1/4 3/4 3/4 1/4
    # Faktor 3:  1/3 2/3 1 2/3 1/3
    # Faktor 4:  1/8 3/8 5/8 7/8 7/8 5/8 3/8 1/8
    if factor % 2 == 0:
        aufsteigend = [(2 * i + 1) / (2 * factor) for i in range(factor)]
        linie = aufsteigend + aufsteigend[::-1]
    else:
        aufsteigend = [(i + 1) / factor for i in range(factor)]
        linie = aufsteigend + aufsteigend[:-1][::-1]
    linie = np.array(linie)
    bild = linie.reshape(-1, 1) * linie.reshape(1, -1)
    kern = np.zeros((len(linie), len(linie), channels, channels))
    for kanal in range(channels):
        kern[:, :, kanal, kanal] = bild
    return kern

# %% bilinear_upsample
def bilinear_upsample(input_layer, factor=2):
    schicht = BilinearUpSampling2D(factor)
    ausgabe = schicht(input_layer)
    return ausgabe

# %% decoder_block
def separable_conv2d_batchnorm(input_layer, filters, strides=1):
    gefaltet = SeparableConv2DKeras(
        filters=filters,
        kernel_size=3,
        strides=strides,
        padding="same",
        activation="relu",
    )(input_layer)
    normiert = keras.layers.BatchNormalization()(gefaltet)
    return normiert


def decoder_block(small_input, large_input, filters):
    gross = bilinear_upsample(small_input, 2)
    zusammen = keras.layers.Concatenate()([gross, large_input])
    erste = separable_conv2d_batchnorm(zusammen, filters)
    zweite = separable_conv2d_batchnorm(erste, filters)
    return zweite

# %% fcn_model
def fcn_model(input_shape, block_filters, filters, classes):
    eingang = keras.layers.Input(shape=input_shape)
    grosse_karten = []
    x = eingang
    for f in block_filters:
        grosse_karten.append(x)
        x = separable_conv2d_batchnorm(x, f, strides=2)
    x = keras.layers.Conv2D(filters, kernel_size=(1, 1), activation="relu")(x)
    x = keras.layers.BatchNormalization()(x)
    anzahl = len(block_filters)
    for i in range(anzahl):
        nummer = anzahl - 1 - i
        x = decoder_block(x, grosse_karten[nummer], block_filters[nummer])
    ausgang = keras.layers.Conv2D(classes, kernel_size=(1, 1), activation="softmax")(x)
    modell = keras.models.Model(inputs=eingang, outputs=ausgang)
    modell.summary()
    return modell

# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    summe = 0
    gezaehlt = 0
    for klasse in range(classes):
        if klasse == 0:
            continue   # Hintergrund
        wahr = truth == klasse
        gesagt = predicted == klasse
        schnitt = np.sum(wahr * gesagt)
        vereinigung = np.sum(wahr) + np.sum(gesagt) - schnitt
        if vereinigung == 0:
            continue
        summe = summe + schnitt / vereinigung
        gezaehlt = gezaehlt + 1
    return summe / gezaehlt

# %% written_answer
1. Bei mir liegen Nullen ausserhalb. Keras wiederholt den Rand. Man kann x mit np.pad(mode="edge") groesser machen und danach schneiden.
2. Doppelt so viele Gewichte. Gleich muessen die Gewichte fuer beide Haelften sein.
3. 0.
4. Durch 8 teilbar.
