"""The program in a real terminal: it leaves it as it was, whatever ends it, and survives what terminals do."""

from __future__ import annotations

import os
import pty
import random
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Iterator
from fcntl import ioctl
from pathlib import Path

import pyte
import pytest

PATIENCE_S = 30.0
ENTER, LEAVE, HIDE, SHOW, MOUSE_OFF = b"\x1b[?1049h", b"\x1b[?1049l", b"\x1b[?25l", b"\x1b[?25h", b"\x1b[?1000l"


class Terminal:
    """A pseudo-terminal with a program in it and a screen that understands what the program writes."""

    def __init__(self, command: list[str], size: tuple[int, int], **environment: str) -> None:
        self.size = size
        self.screen = pyte.Screen(*size)
        self._stream = pyte.ByteStream(self.screen)
        self.said = b""
        self.slave: int | None
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.resize(*size)
        self.pid = os.fork()
        if self.pid == 0:  # pragma: no cover  (the child becomes another program)
            os.setsid()
            ioctl(self.slave, termios.TIOCSCTTY, 0)
            for number in range(3):
                os.dup2(self.slave, number)
            os.closerange(3, 256)
            own = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
            os.execvpe(command[0], command, {**own, "TERM": "xterm-256color", **environment})

    def resize(self, columns: int, rows: int) -> None:
        ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, wait_s: float = 0.05) -> bool:
        """Take in what there is; whether there was something."""
        if not select.select([self.master], [], [], wait_s)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.said += data
        self._stream.feed(data)
        return bool(data)

    def until(self, condition: Callable[[], object], what: str) -> None:
        end = time.monotonic() + PATIENCE_S
        while not condition():
            self.read()
            assert time.monotonic() < end, f"{what}; the screen says:\n" + "\n".join(self.screen.display)

    def shows(self, words: str) -> bool:
        return any(words in line for line in self.screen.display)

    def press(self, keys: bytes) -> None:
        os.write(self.master, keys)

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def ended(self) -> int:
        """The exit code, once it has ended and all it wrote was read."""
        status: list[int] = []

        def gone() -> bool:
            pid, code = os.waitpid(self.pid, os.WNOHANG)
            status.extend([code] if pid else [])
            return bool(pid)

        self.until(gone, "it does not end")
        while self.master >= 0 and self.read(0.0):
            continue
        self.pid = 0
        return os.waitstatus_to_exitcode(status[0])

    def close(self) -> None:
        for fd in (self.master, self.slave):
            if fd is not None and fd >= 0:
                os.close(fd)
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)


@pytest.fixture
def board(tmp_path: Path) -> Iterator[Terminal]:
    command = [sys.executable, "-m", "rallytui", "--demo"]
    terminal = Terminal(command, (100, 30), RALLYTUI_DATA_DIR=str(tmp_path), HOME=str(tmp_path))
    try:
        terminal.until(lambda: terminal.shows("8,000") and terminal.shows("SIMULATED"), "no board")
        yield terminal
    finally:
        terminal.close()


def check_terminal(terminal: Terminal) -> None:
    """The terminal is as it was found: modes, main screen, cursor, mouse."""
    assert terminal.slave is not None
    assert termios.tcgetattr(terminal.slave) == terminal.before
    for on, off in ((ENTER, LEAVE), (HIDE, SHOW), (b"\x1b[?1000h", MOUSE_OFF), (b"\x1b[?2004h", b"\x1b[?2004l")):
        assert terminal.said.rfind(off) > terminal.said.rfind(on), off


@pytest.mark.parametrize(
    ("end", "code"),
    [
        pytest.param(lambda board: board.press(b"q"), 0, id="q"),
        pytest.param(lambda board: board.press(b"\x03"), 0, id="ctrl-c"),
        pytest.param(lambda board: board.signal(signal.SIGTERM), 128 + signal.SIGTERM, id="sigterm"),
        pytest.param(lambda board: board.signal(signal.SIGHUP), 128 + signal.SIGHUP, id="sighup"),
        pytest.param(lambda board: board.signal(signal.SIGINT), 130, id="sigint"),
    ],
)
def test_the_terminal_is_given_back(board: Terminal, end: Callable[[Terminal], None], code: int) -> None:
    end(board)
    assert board.ended() == code
    check_terminal(board)


def test_it_can_be_stopped_and_brought_back(board: Terminal) -> None:
    board.press(b"\x1a")
    stopped: list[int] = []

    def is_stopped() -> bool:
        pid, status = os.waitpid(board.pid, os.WNOHANG | os.WUNTRACED)
        stopped.extend([status] if pid else [])
        return bool(pid)

    board.until(is_stopped, "Ctrl+Z does nothing")
    assert os.WIFSTOPPED(stopped[0])
    while board.read():
        continue
    check_terminal(board)
    board.screen.reset()
    board.signal(signal.SIGCONT)
    board.until(lambda: board.shows("8,000"), "the board does not come back")
    board.press(b"?")
    board.until(lambda: board.shows("Everywhere"), "no key is heard after fg")
    board.press(b"qq")
    assert board.ended() == 0
    check_terminal(board)


def test_it_ends_with_its_terminal(board: Terminal) -> None:
    os.close(board.master)
    if board.slave is not None:
        os.close(board.slave)
    board.master, board.slave = -1, None
    end = time.monotonic() + PATIENCE_S
    while not os.waitpid(board.pid, os.WNOHANG)[0]:
        assert time.monotonic() < end, "it lives on without a terminal"
        time.sleep(0.01)
    board.pid = 0


def test_two_hundred_resizes(board: Terminal) -> None:
    dice = random.Random(7)
    for _ in range(200):
        board.resize(dice.randint(10, 220), dice.randint(3, 65))
        board.read(0.002)
    board.resize(160, 45)
    while board.read(0.3):
        continue
    board.screen.resize(45, 160)
    board.screen.reset()
    board.press(b"?")
    board.until(lambda: board.shows("What the panes say"), "no key is heard after the storm")
    board.press(b"\x1b")
    board.until(lambda: board.shows("4 Thesis") and board.shows("8,000"), "no board after the storm")
    board.press(b"q")
    assert board.ended() == 0
    check_terminal(board)


def test_a_terminal_of_ten_by_three(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rallytui", "--demo"]
    tiny = Terminal(command, (10, 3), RALLYTUI_DATA_DIR=str(tmp_path), HOME=str(tmp_path))
    try:
        tiny.until(lambda: tiny.shows("SIMULATED"), "no board")
        for keys, words in ((b"2", "2 AI"), (b"34", "4 The"), (b"\t", "1 Tar"), (b"\r", "S&P"), (b"\x7f", "1 Tar")):
            tiny.press(keys)
            tiny.until(lambda words=words: tiny.shows(words), f"{keys!r} does nothing")
        tiny.press(b"q")
        assert tiny.ended() == 0
        check_terminal(tiny)
    finally:
        tiny.close()
