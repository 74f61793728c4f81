"""Sizes for hidden cases, drawn so that no two that a mistake could mix up are equal."""


def different(rng, low, high, count):
    """Draw that many different whole numbers from low to high, both included."""
    return [int(n) for n in rng.choice(range(low, high + 1), count, replace=False)]


def one(rng, low, high):
    """Draw one whole number from low to high, both included."""
    return int(rng.integers(low, high + 1))
