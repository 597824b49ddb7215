"""The error of a call that is well-formed and yet cannot be carried out."""

from __future__ import annotations


class UsageError(Exception):
    """A call that cannot be carried out as it was given."""
