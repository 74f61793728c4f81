"""A submission laid over the instructor's notebook."""
