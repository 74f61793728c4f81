"""How a convolution comes apart: reference operations, their cost, their pictures."""
