"""Train the networks of the chapter "MNIST compared": what, how, and what comes of it."""
