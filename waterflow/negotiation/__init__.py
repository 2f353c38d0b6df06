"""Many interests: plans that parties bring, judged against what was agreed and against the optimum."""
