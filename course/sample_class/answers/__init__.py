"""Right answers to each lab in many forms: ``RIGHT`` of each module, by function and name of the form."""
