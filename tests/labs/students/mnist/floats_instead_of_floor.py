"""Divides with / where the places are whole, so that 28 pixels leave 11.5 of them.

test_macs: 2 of 3, does not round the number of places down
"""
# rest: kommentare_auf_deutsch

# %% macs
def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Zaehlt die MACs einer Faltung ohne Rand."""
    n = (size - kernel_size) / strides + 1
    flaeche = n ** 2
    if separable:
        return int(flaeche * channels * (kernel_size ** 2 + filters))
    return int(flaeche * channels * filters * kernel_size ** 2)
