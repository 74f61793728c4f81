"""Many submissions at once: pools that grade them, one writer that fills the gradebook."""
