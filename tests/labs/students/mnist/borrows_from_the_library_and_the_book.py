"""Lets sepconv count, and hands in the book's champion as the challenge; the text forbids both.

test_macs: 0 of 3, uses the course's own library, which is not to be used here
test_challenge: 0 of 6, the champion of the book as it is
"""
# rest: right_pytorch_accent
# file: challenge.keras = challenge_champion_copied

# %% macs
from sepconv import cost

def macs(size, channels, filters, kernel_size, strides=1, separable=False):
    """Count the multiply-accumulates of one convolution without padding, for one picture."""
    shape = (size, size, channels)
    if separable:
        return cost.total(cost.separable_conv2d(shape, filters, kernel_size, strides=strides)).macs
    return cost.conv2d(shape, filters, kernel_size, strides=strides).macs

# %% challenge
def challenge():
    """Make and train a network within the bounds; return it."""
    # the chapter has one that is good already, why train again
    return keras.saving.load_model("champion.keras", compile=False)
