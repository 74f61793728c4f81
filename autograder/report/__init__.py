"""The report on a class and an assignment: numbers, files and one page to read.

`data` holds what is known of a class; `statistics` and `similarity` compute, `charts` and `html`
draw, `files` writes. Nothing here knows nbgrader: `autograder.plugin.report_data` fills `data`.
"""
