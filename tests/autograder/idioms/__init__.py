"""Idioms of test cells as public courses write them, graded by one kernel and by the engine."""
