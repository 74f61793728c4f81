"""The table has an entry for each quantity instead of each network; accuracy divides by the ten classes.

test_accuracy: 1 of 2, the right answers are divided by the number of classes, not of pictures
test_table: 1 of 2, rows and columns are exchanged; what stands in it is right
"""
# rest: right_counts_in_while_loops

# %% accuracy
def accuracy(probabilities, labels):
    """Return the fraction of right answers."""
    n = probabilities.shape[1]
    predicted = np.argmax(probabilities, axis=1)
    return np.sum(predicted == labels) / n

# %% table
nets = {"dense": dense, "separable": separable}

def all_macs(sep):
    return macs(28, 1, 8, 7, 2, sep) + macs(11, 8, 16, 5, 2, sep) + macs(4, 16, 32, 3, 1, sep) + 32 * 10

def duration(net):
    answers(net, x_test)
    start = time.time()
    answers(net, x_test)
    return time.time() - start

table = {
    "parameters": {n: nets[n].count_params() for n in nets},
    "macs": {n: all_macs(n == "separable") for n in nets},
    "kilobytes": {n: os.path.getsize(n + ".keras") / 1000 for n in nets},
    "seconds": {n: duration(nets[n]) for n in nets},
    "accuracy": {n: accuracy(answers(nets[n], x_test), y_test) for n in nets},
}
