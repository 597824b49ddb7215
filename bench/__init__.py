"""Benchmarks: what the program costs, as ratios or against its budgets, measured in one run."""
