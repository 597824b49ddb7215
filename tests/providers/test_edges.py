"""What is kept of a refused answer, dates that slipped, foreign currencies, and connections that cannot be trusted."""

from __future__ import annotations

import copy
import gzip
import ssl
import threading
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from rallytui.clock import SystemClock
from rallytui.config import ProviderSettings
from rallytui.model import BadPayload, Unavailable
from rallytui.providers import REGISTRY, create, sec_decode
from rallytui.providers.fred import Row, sane
from rallytui.providers.http import PAYLOAD_BYTES
from tests.providers import company_samples, samples
from tests.providers.helpers import EVENING, NOON, Stream, asked, data, provider, text

KEY = "0123456789abcdef0123456789abcdef"


async def test_a_refused_answer_is_kept_without_the_key_and_cut() -> None:
    one, _ = provider("fred", text(f"no table, {KEY}, " + "x" * 2 * PAYLOAD_BYTES), api_key=KEY)
    with pytest.raises(BadPayload) as caught:
        await one.series("UNRATE", NOON.date())
    assert caught.value.payload.startswith(b"no table, ***, xxx")
    assert len(caught.value.payload) == PAYLOAD_BYTES


async def test_of_a_batch_the_part_that_was_refused_is_kept() -> None:
    answer = samples.spark("SPY", "QQQ")
    answer["QQQ"]["close"][3] = -4.25
    one, _ = provider("yahoo", data(answer))
    assert [quote.symbol for quote in await one.quotes(["SPY", "QQQ"])] == ["SPY"]
    missed = one.misses["QQQ"]
    assert isinstance(missed, BadPayload)
    assert b"-4.25" in missed.payload
    assert b'"SPY"' not in missed.payload


DAYS = [date(2025, 12, 1) + timedelta(days=n) for n in range(9)]
WEEKDAYS = [day for day in DAYS if day.weekday() < 5]


def rows(*days: date) -> list[Row]:
    return [(day, 3.5) for day in days]


@pytest.mark.parametrize(
    ("series_id", "days"),
    [
        ("DGS2", [day + timedelta(days=1) for day in WEEKDAYS]),
        ("DGS2", [day - timedelta(days=1) for day in WEEKDAYS]),
        ("DGS2", [date(2025, 12, 11)]),
        ("VIXCLS", [date(2025, 11, 30)]),
        ("BAMLH0A0HYM2", [date(2025, 11, 29)]),
        ("ICSA", [date(2025, 11, 28), date(2025, 12, 5)]),
        ("NFCI", [date(2025, 11, 29)]),
        ("UNRATE", [date(2025, 9, 30)]),
    ],
)
def test_dates_that_slipped_are_refused(series_id: str, days: list[date]) -> None:
    with pytest.raises(BadPayload, match=r"weekend|future|off by a day|first day"):
        sane(rows(*days), series_id, NOON, None)


@pytest.mark.parametrize(
    ("series_id", "days"),
    [
        ("DGS2", WEEKDAYS),
        ("DFF", DAYS),
        ("BAMLH0A0HYM2", [date(2025, 11, 30)]),  # the last of the month, a Sunday
        ("ICSA", [date(2025, 11, 29), date(2025, 12, 6)]),
        ("NFCI", [date(2025, 11, 28)]),
    ],
)
def test_dates_as_they_are_published_pass(series_id: str, days: list[date]) -> None:
    assert sane(rows(*days), series_id, NOON, None) == rows(*days)


async def test_a_share_in_another_currency_is_refused() -> None:
    euros = samples.chart("SPY", ["2025-12-08"], [600.0], currency="EUR")
    one, _ = provider("yahoo", data(euros), now=EVENING)
    with pytest.raises(BadPayload, match="priced in EUR"):
        await one.bars("SPY", date(2025, 1, 1), NOON.date())
    part = samples.part("$1,270.50", "Dec 10, 2025 11:58 AM ET", currency="CAD")
    one, _ = provider("nasdaq", data(samples.nasdaq(part)))
    with pytest.raises(BadPayload, match="priced in CAD"):
        await one.quotes(["MU"])


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), "its certificate cannot be trusted"),
        (ssl.SSLError(1, "wrong version number"), "no encrypted connection could be made"),
        (ConnectionRefusedError(), "the connection was refused"),
    ],
)
async def test_why_there_is_no_connection(cause: Exception, words: str) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("x") from cause

    with pytest.raises(Unavailable, match=words):
        await asked(broken)


def submissions(forms: list[str]) -> Any:
    sample = copy.deepcopy(company_samples.SUBMISSIONS)
    recent = sample["filings"]["recent"]
    for name, column in recent.items():
        recent[name] = [column[0]] * len(forms)
    recent["form"] = forms
    recent["primaryDocument"] = [*["a.htm"] * (len(forms) - 1), ""]
    return sample


def test_filings_worth_reading_are_kept_and_open() -> None:
    forms = ["4", "8-K", "DEF 14A", "144", "S-1", "SCHEDULE 13D", *["8-K"] * 60, "10-Q", "10-K"]
    found = sec_decode.filings(data(submissions(forms)).content, 80035)
    assert [one.form for one in found] == ["8-K", "DEF 14A", "S-1", "SCHEDULE 13D", *["8-K"] * 36, "10-Q", "10-K"]
    assert found[0].url.endswith("/a.htm")
    assert found[-1].url.endswith(f"/{found[-1].accession}-index.htm")


@pytest.fixture
def bomb() -> Iterator[tuple[str, int]]:
    """The address of a server whose every answer unpacks to 256 MiB, and the size of that on the wire."""
    squeeze = zlib.compressobj(9, wbits=31)
    packed = b"".join([*(squeeze.compress(bytes(2**20)) for _ in range(256)), squeeze.flush()])

    class Bomb(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            try:
                self.wfile.write(packed)
            except OSError:
                self.close_connection = True  # the other end had enough

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Bomb)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", len(packed)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def test_a_bomb_from_a_real_server_needs_little_memory(bomb: tuple[str, int]) -> None:
    base, size = bomb
    assert 1000 * size < 256 * 2**20
    one: Any = create("cboe", ProviderSettings(base_url=base), SystemClock())
    tracemalloc.start()
    try:
        with pytest.raises(BadPayload, match="larger than 32 MiB"):
            await one.quotes(["^GSPC"])
        assert tracemalloc.get_traced_memory()[1] < 100 * 2**20
    finally:
        tracemalloc.stop()
        await one.close()


@pytest.mark.parametrize("name", [name for name in REGISTRY if name != "simulated"])
def test_every_source_can_be_asked_at_another_address(name: str) -> None:
    usual, _ = provider(name, text(""))
    other, _ = provider(name, text(""), base_url="https://mirror.example.com/x/")
    assert other.host == "mirror.example.com"
    assert usual.host != other.host
    near, _ = provider(name, text(""), base_url="https://me:secret@mirror.example.com:8443/x/")
    assert len({usual.address, other.address, near.address}) == 3, "a port more is another address"
    assert "mirror.example.com:8443/x" in near.address
    assert "secret" not in near.address, "it is kept in the store"


async def test_what_follows_a_packed_answer_is_ignored() -> None:
    packed = gzip.compress(b"[1]")
    answer = httpx.Response(200, stream=Stream(packed, b"junk" * 9), headers={"content-encoding": "gzip"})
    assert await asked(answer) == b"[1]"
