"""The readings: pure functions from bars, observations and facts to numbers. No clock, no files, no network."""
