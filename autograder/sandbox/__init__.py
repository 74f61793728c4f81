"""Linux sandbox for the student's process.

It can be imported on any system, and put on under Linux only.
"""

from autograder.sandbox.family import Usage
from autograder.sandbox.guard import OUT_OF_MEMORY, load_libraries, run_in_sandbox
from autograder.sandbox.isolation import REMEDIES, IsolationError, require_layers
from autograder.sandbox.paths import python_paths
from autograder.sandbox.probe import missing_layers, parse_layers
from autograder.sandbox.proc import data_bytes
from autograder.sandbox.spec import Layer, SandboxSpec, in_order
from autograder.sandbox.support import unsupported_reason

__all__ = [
    "OUT_OF_MEMORY",
    "REMEDIES",
    "IsolationError",
    "Layer",
    "SandboxSpec",
    "Usage",
    "data_bytes",
    "in_order",
    "load_libraries",
    "missing_layers",
    "parse_layers",
    "python_paths",
    "require_layers",
    "run_in_sandbox",
    "unsupported_reason",
]
