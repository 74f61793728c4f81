"""Turns the probabilities into a one-hot table in place, so that the caller's are gone.

test_accuracy: 1 of 2, the number is right, but the caller's probabilities are overwritten
"""
# rest: kommentare_auf_deutsch

# %% accuracy
def accuracy(probabilities, labels):
    """Anteil der richtigen Antworten."""
    groesste = probabilities.max(axis=1, keepdims=True)
    probabilities[probabilities < groesste] = 0
    probabilities[probabilities > 0] = 1
    return probabilities[np.arange(len(labels)), labels].mean()
