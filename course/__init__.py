"""What `make` runs: the environment, the book, the labs, the sample class."""
