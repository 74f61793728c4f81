"""What processes that do not trust each other say: frames, messages, values."""
