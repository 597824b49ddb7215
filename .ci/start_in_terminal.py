"""Starts a command in a pseudo-terminal, presses q once its board is there, and expects a whole terminal back."""

import os
import pty
import select
import struct
import sys
import time
from fcntl import ioctl
from termios import TIOCSWINSZ

LIMIT_S = 60.0


def read_until(fd: int, wanted: bytes, seen: bytes = b"") -> bytes:
    """Collect output until `wanted` shows up; b"" as wanted reads to the end."""
    end = time.monotonic() + LIMIT_S
    while time.monotonic() < end:
        if not select.select([fd], [], [], 0.1)[0]:
            continue
        try:
            data = os.read(fd, 65536)
        except OSError:
            data = b""
        if not data:
            return seen
        seen += data
        if wanted and wanted in seen:
            return seen
    sys.exit(f"no {wanted!r} within {LIMIT_S:g} s; the screen said {seen[-2000:]!r}")


def main(command: list[str]) -> None:
    pid, fd = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="160", LINES="45")
        os.execvp(command[0], command)
    ioctl(fd, TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))
    seen = read_until(fd, b"SIMULATED")
    seen = read_until(fd, b"8,000", seen)
    os.write(fd, b"q")
    seen = read_until(fd, b"", seen)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 0, seen[-2000:]
    assert b"\x1b[?1049l" in seen, "the alternate screen was not left"
    print("started, painted and left the terminal as it was")


if __name__ == "__main__":
    main(sys.argv[1:])
