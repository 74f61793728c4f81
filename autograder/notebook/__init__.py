"""A submission laid over the instructor's notebook.

`submission` reads what was handed in, `ownership` says whose a cell is, `code` what names a cell
binds, reads and imports, `alignment` lays the one notebook over the other, `outputs` rebuilds what
cells show.
"""
