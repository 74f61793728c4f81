"""Types the table's numbers in, as they stood on the screen once.

test_table: 0 of 2, nothing is computed and nothing measured here
"""
# rest: tf_tutorial

# %% table
table = {
    "dense": {
        "parameters": 8586,
        "macs": 117384,
        "kilobytes": 136.4,
        "seconds": 0.05,
        "accuracy": 0.97,
    },
    "separable": {
        "parameters": 1427,
        "macs": 15089,
        "kilobytes": 54.8,
        "seconds": 0.06,
        "accuracy": 0.93,
    },
}
