"""Submissions of every kind that a grader meets, made from a released lab, each with what it deserves."""
