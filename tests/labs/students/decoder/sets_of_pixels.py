"""Takes intersection and union literally, with Python's sets; everything is right."""
# rest: loops_everywhere


# %% insert_zeros
def insert_zeros(x, strides):
    strides = [strides] * 2 if type(strides) == int else list(strides)
    # np.insert puts zeros before given indices
    for ax, s in zip((1, 2), strides):
        where = np.repeat(np.arange(1, x.shape[ax]), s - 1)
        x = np.insert(x, where, 0, axis=ax)
    return x


# %% mean_iou
def mean_iou(truth, predicted, classes=11):
    T, P = {}, {}
    for where, label in np.ndenumerate(truth):
        T.setdefault(int(label), set()).add(where)
    for where, label in np.ndenumerate(predicted):
        P.setdefault(int(label), set()).add(where)
    scores = []
    for c in (T.keys() | P.keys()) - {0}:
        t, p = T.get(c, set()), P.get(c, set())
        scores.append(len(t & p) / len(t | p))
    return sum(scores) / len(scores)
