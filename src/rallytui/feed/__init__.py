"""The feed: `wants` says what the thesis needs, `schedule` when, `health` how the sources do, `feed` fetches."""
