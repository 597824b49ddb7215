"""A program in a pseudo-terminal, measured as its user pays for it: time, processor, bytes and memory."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from fcntl import ioctl
from termios import TIOCSWINSZ

import psutil

ROWS, COLUMNS = 45, 160
ESCAPES = re.compile(rb"\x1b\[[0-9;:?<>=]*[ -/]*[@-~]|\x1b[\]P^_][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[@-Z\\-_=>]")
KEPT = 400_000


class Terminal:
    """A command in a terminal of 160 × 45 with all colours."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.started = time.perf_counter()
        self.screen = b""
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            size = {"COLUMNS": str(COLUMNS), "LINES": str(ROWS)}
            os.execvpe(
                command[0], list(command), {**environment, **size, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
            )
        ioctl(self._fd, TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def read(self, seconds: float) -> int:
        """Take what comes within `seconds`, at the latest at its first piece; the number of bytes."""
        if not select.select([self._fd], [], [], seconds)[0]:
            return 0
        try:
            data = os.read(self._fd, 65536)
        except OSError:
            raise SystemExit(f"the program ended; it said {self.screen[-2000:]!r}") from None
        self.screen = (self.screen + data)[-KEPT:]
        return len(data)

    def until(self, text: str, limit_s: float = 60.0) -> float:
        """Seconds from the start until `text` is there; the bench ends if it does not come."""
        while text.encode() not in ESCAPES.sub(b"", self.screen):
            if time.perf_counter() - self.started > limit_s:
                raise SystemExit(f"no {text!r} within {limit_s:g} s; it said {self.screen[-2000:]!r}")
            self.read(0.05)
        return time.perf_counter() - self.started

    def rest(self, seconds: float) -> int:
        """Read for `seconds`; the number of bytes."""
        end, got = time.perf_counter() + seconds, 0
        while (left := end - time.perf_counter()) > 0:
            got += self.read(min(left, 0.1))
        return got

    def load(self, seconds: float) -> tuple[float, float]:
        """Percent of a core, and bytes a second, while it is left alone."""
        before, began = self._cpu_s(), time.perf_counter()
        sent = self.rest(seconds)
        spent = time.perf_counter() - began
        return 100 * (self._cpu_s() - before) / spent, sent / spent

    def memory_mib(self) -> float:
        """What it keeps resident, with its children."""
        return float(sum(one.memory_info().rss for one in self._family())) / 2**20

    def answer_ms(self, key: str, quiet_s: float = 0.3) -> float:
        """Milliseconds from a key to the last byte of what it changes."""
        os.write(self._fd, key.encode())
        pressed = last = time.perf_counter()
        while last == pressed or time.perf_counter() - last < quiet_s:
            if self.read(0.05):
                last = time.perf_counter()
            elif time.perf_counter() - pressed > 10:
                raise SystemExit(f"the key {key!r} changed nothing")
        return 1000 * (last - pressed)

    def close(self) -> None:
        """End it, with force if it must be."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, SystemExit):
                os.kill(self.pid, number)
                self.rest(1.0)
        os.close(self._fd)
        os.waitpid(self.pid, 0)

    def _family(self) -> list[psutil.Process]:
        root = psutil.Process(self.pid)
        return [root, *root.children(recursive=True)]

    def _cpu_s(self) -> float:
        return float(sum(sum(one.cpu_times()[:2]) for one in self._family()))
