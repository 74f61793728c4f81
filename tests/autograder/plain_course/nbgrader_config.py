import autograder.plugin

c = get_config()  # noqa: F821
autograder.plugin.configure(c)
