"""Hands in the notebook without any of the three files.

test_trained: 0 of 3, no files
test_challenge: 0 of 6, no file
"""
# file: dense.keras = none
# file: separable.keras = none
# file: challenge.keras = none
# rest: tf_tutorial
