"""Execution of submissions: engine, fork server, judge and worker."""
