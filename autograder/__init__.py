"""Runs, judges and reports submissions.

Public are, for test cells, `autograder.checks` and `autograder.trained`; for a lab's reference
package, `autograder.checks.reference`, `autograder.checks.seeds` and
`autograder.checks.keras_behaviour`; for ``nbgrader_config.py``, `autograder.plugin.configure`; and
the command line, `autograder --help`. All else may change from one version to the next.
"""
