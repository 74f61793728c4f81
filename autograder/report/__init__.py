"""What a class did with a lab: numbers, files and one page to read.

`data` is what is known of a class, `numbers` and `likeness` what follows from it, `drawing` and `page` how it
looks, `files` where it is written. Nothing here knows nbgrader: `autograder.plugin.gather` fills `data`.
"""
