"""The jobs that `make` runs: the environment, the book, the labs, the sample class."""
