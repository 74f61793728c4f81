"""What a class did with a lab: numbers, files and one page to read.

`data` is what is known of a class, `statistics` and `similarity` what follows from it, `charts` and `html`
how it looks, `files` where it is written. Nothing here knows
nbgrader: `autograder.plugin.report_data` fills `data`.
"""
