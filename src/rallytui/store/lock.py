"""Who of several instances asks the sources: the one that holds the lock beside the store."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from filelock import BaseFileLock

log = logging.getLogger(__name__)


class FetchLock:
    """The single-fetcher lock of a store's file. The kernel lets go of it when its holder dies, however that happens.

    Every method may be called from any thread and returns at once.
    """

    def __init__(self, store: Path | None) -> None:
        """`store` is the store's file; None for a store in memory, which nobody shares."""
        self._path = None if store is None else store.with_name(store.name + ".lock")
        self._mutex = threading.Lock()
        self._held: BaseFileLock | None = None
        self._alone = self._path is None
        self.problem = ""
        """Plain text for the user when other instances cannot be seen; empty while all is well."""

    @property
    def owned(self) -> bool:
        """Whether this instance is the one that asks the sources."""
        return self._alone or self._held is not None

    def acquire(self) -> bool:
        """Try once to become the one that asks; True if it is. Where no lock can be made, it is, and `problem` says so.

        Once it is alone it stays so until `release`.
        """
        with self._mutex:
            if self.owned:
                return True
            assert self._path is not None
            try:
                return self._try(self._path)
            except (OSError, NotImplementedError) as error:
                self._alone = True
                self.problem = (
                    f"{self._path} cannot be written ({error}): whether another rallytui asks the same sources is not "
                    "known. Make the folder writable, or run only one."
                )
                log.warning("%s", self.problem)
                return True

    def release(self) -> None:
        """Let another instance ask; nothing happens if this one did not hold the lock."""
        with self._mutex:
            held, self._held = self._held, None
            self._alone, self.problem = self._path is None, ""
            if held is not None:
                held.release(force=True)

    def _try(self, path: Path) -> bool:
        from filelock import FileLock, Timeout

        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(path), timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            return False
        self._held = lock
        return True
