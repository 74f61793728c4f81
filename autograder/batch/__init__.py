"""Many submissions: who grades them, how they reach the gradebook, what an interrupted run has done."""
