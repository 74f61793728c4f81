"""Isolation of the processes that run a submission."""
