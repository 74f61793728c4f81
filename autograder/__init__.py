"""How submissions are run, judged and reported."""
