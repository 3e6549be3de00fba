"""Benchmarks: each figure beside its floor in the same run, on a world of 20,000 to 2,000,000 coverages."""
