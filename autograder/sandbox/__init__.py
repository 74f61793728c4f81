"""Linux sandbox for the student's process.

It can be imported on any system, and put on under Linux only.
"""

from autograder.sandbox.family import Usage
from autograder.sandbox.guard import OUT_OF_MEMORY, load_libraries, run_in_sandbox
from autograder.sandbox.paths import python_paths
from autograder.sandbox.proc import data_bytes
from autograder.sandbox.spec import Layer, SandboxSpec
from autograder.sandbox.support import unsupported_reason

__all__ = [
    "OUT_OF_MEMORY",
    "Layer",
    "SandboxSpec",
    "Usage",
    "data_bytes",
    "load_libraries",
    "python_paths",
    "run_in_sandbox",
    "unsupported_reason",
]
