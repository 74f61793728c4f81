"""Submissions of every kind, made from a released lab, each with the score that it deserves."""
