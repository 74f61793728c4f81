"""One submission's way to its result: engine, fork server, judge and worker."""
