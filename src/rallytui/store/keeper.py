"""Keeps the store's connection usable: a file that fails is left for memory, and taken up again when it can be."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rallytui.store import file
from rallytui.store.file import Failure, carry, connect, copy_of, explain, identity, in_memory, is_damage
from rallytui.store.rows import EVERYTHING, number_of
from rallytui.store.schema import NewerSchema

if TYPE_CHECKING:
    from rallytui.model import Clock

log = logging.getLogger(__name__)
FAILURES = (sqlite3.DatabaseError, OSError, NewerSchema)
T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class Keeper:
    """One connection for all threads. Without a `path` it is a database in memory for good.

    `generation` moves on each time another file, or memory, takes the place of the one before.
    """

    def __init__(self, path: Path | None, clock: Clock | None) -> None:
        self.path = path
        self.generation = 0
        self._clock = clock
        self._lock = threading.RLock()
        self._db: sqlite3.Connection | None = None
        self._identity: file.Identity = None
        self._away = False
        self._left_at = EVERYTHING
        self._again_at = 0.0
        self._notice = self._trouble = ""
        if path is None:
            self._db = in_memory(None)
        else:
            self._open(path)

    @property
    def problem(self) -> str:
        """What is wrong with the file now, else what happened to it earlier."""
        return self._trouble or self._notice

    def run(self, work: Work[T]) -> T:
        """Do the work; when the file fails, do it once more on what takes the file's place."""
        with self._lock:
            self._see_to_file()
            try:
                return work(self._held())
            except sqlite3.DatabaseError as error:
                if self.path is None or self._away:
                    raise
                if not (is_damage(error) or isinstance(error, sqlite3.OperationalError)):
                    raise
                self._leave(self.path, error)
                return work(self._held())

    def close(self) -> None:
        """Release the file, after a last try to bring home what is in memory only."""
        with self._lock:
            if self.path is not None and self._away:
                self._come_back(self.path, file.BUSY_S)
                if self._away:
                    log.warning("%s What came since is lost.", self._trouble)
            self._held().close()

    def _held(self) -> sqlite3.Connection:
        assert self._db is not None
        return self._db

    def _now(self) -> float:
        if self._clock is None:
            from rallytui.clock import SystemClock  # what it needs is not loaded before something goes wrong

            self._clock = SystemClock()
        return self._clock.monotonic()

    def _open(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._identity = identity(path)
            self._take_up(path, connect(str(path), file.BUSY_S))
        except FAILURES as error:
            self._leave(path, error)

    def _take_up(self, path: Path, db: sqlite3.Connection) -> None:
        """Go on with a connection to the file."""
        db.execute(f"PRAGMA busy_timeout = {round(1000 * file.BUSY_S)}")
        self._db, self._away, self._trouble = db, False, ""
        self._identity = identity(path)

    def _leave(self, path: Path, error: Failure) -> None:
        """Go on with a new file where the old one is damaged, else in memory."""
        self.generation += 1
        if is_damage(error):
            self._drop()
            try:
                self._set_aside(path, error)
                self._take_up(path, connect(str(path), file.BUSY_S))
                return
            except FAILURES as second:
                error = second
        self._to_memory(path, error)

    def _set_aside(self, path: Path, error: Failure) -> None:
        if identity(path) == self._identity:  # else another instance was first
            aside = file.set_aside(path)
            self._notice = f"The store was damaged ({error}): it is set aside as {aside} and a new one begun."
            log.warning("%s", self._notice)

    def _to_memory(self, path: Path, error: Failure) -> None:
        at_rest = file.code_of(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
        copy = copy_of(path, at_rest=at_rest) if self._db is None else in_memory(self._db)
        self._drop()
        self._db, self._away = copy, True
        self._left_at, self._again_at = number_of(copy), self._now() + file.RETRY_S
        self._trouble = explain(path, error)
        log.warning("%s", self._trouble)

    def _drop(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _see_to_file(self) -> None:
        if self.path is None:
            return
        if self._away:
            if self._now() >= self._again_at:
                self._come_back(self.path, file.BUSY_S / 20)
        elif identity(self.path) != self._identity:
            self._follow_name(self.path)

    def _come_back(self, path: Path, busy_s: float) -> None:
        """Bring what is in memory into the file and go on with that, if it can be used again."""
        memory = self._held()
        self._again_at = self._now() + file.RETRY_S
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._identity = identity(path)
            db = connect(str(path), busy_s)
            try:
                carry(memory, db, self._left_at)
            except BaseException:
                db.close()
                raise
        except FAILURES as error:
            self._trouble = explain(path, error)
            if is_damage(error):
                with suppress(OSError):
                    self._set_aside(path, error)
                    self._again_at = self._now()
            return
        memory.close()
        self.generation += 1
        self._take_up(path, db)
        log.warning("The store %s is in use again.", path)

    def _follow_name(self, path: Path) -> None:
        """The file was removed or replaced: its content is written again, or the other file taken up."""
        gone = identity(path) is None
        copy = in_memory(self._db)
        # closed before anything is opened by that name: the log files of both would have one name, too
        self._drop()
        self._db, self._away, self._left_at = copy, True, number_of(copy)
        if gone:
            self._notice = f"The store {path} was removed while it was in use: it is written again with what it held."
            with suppress(OSError):
                path.with_name(f"{path.name}-shm").unlink(missing_ok=True)  # an index of the log, not data
            self._come_back(path, file.BUSY_S)
        else:
            self._notice = f"The store {path} was replaced while it was in use: the other file is used from now on."
            self._swap(path)
        log.warning("%s", self._notice)

    def _swap(self, path: Path) -> None:
        try:
            self._identity = identity(path)
            db = connect(str(path), file.BUSY_S)
        except FAILURES as error:
            self.generation += 1
            self._to_memory(path, error)
            return
        self._drop()
        self.generation += 1
        self._take_up(path, db)
