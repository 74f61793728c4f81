"""Right answers to each lab in many forms: ``RIGHT``, by function and name of the form."""
