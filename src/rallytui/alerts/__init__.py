"""Tripwires: readings by their path, the rules on them, how events are told, and what happened between two moments."""
