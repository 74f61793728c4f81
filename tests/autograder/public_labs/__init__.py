"""Labs as public courses write them, graded cell by cell by one kernel and by the engine."""
