"""config.toml as frozen typed values: `settings` has the types, `load` reads, `check` judges, `show` prints."""

from rallytui.config.settings import (
    Display,
    ProviderSettings,
    Settings,
    TargetSettings,
    WatchlistSettings,
)

__all__ = ["Display", "ProviderSettings", "Settings", "TargetSettings", "WatchlistSettings"]
