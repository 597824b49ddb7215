"""What comes over the wire: packed bodies, bombs, redirects, and bodies that have not changed."""

from __future__ import annotations

import gzip
import zlib

import httpx
import pytest

from rallytui.model import BadPayload, Refused, SourceError, Unavailable
from rallytui.providers.body import Kept, Shelf
from tests.providers.helpers import BASE, Stream, asked, client, data


def raw(*pieces: bytes, error: Exception | None = None, **headers: str) -> httpx.Response:
    return httpx.Response(200, stream=Stream(*pieces, error=error), headers=headers)


async def test_gzip_is_unpacked() -> None:
    packed = gzip.compress(b"hello " * 1000)
    assert await asked(raw(packed[:10], packed[10:], **{"content-encoding": "gzip"})) == b"hello " * 1000


async def test_a_gzip_bomb_is_cut_before_it_goes_off() -> None:
    squeeze = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(squeeze.compress(bytes(2**20)) for _ in range(64)), squeeze.flush()])
    pieces = [bomb[at : at + 4096] for at in range(0, len(bomb), 4096)]
    stream = Stream(*pieces)
    with pytest.raises(BadPayload, match="larger than 32 MiB"):
        await asked(httpx.Response(200, stream=stream, headers={"content-encoding": "gzip"}))
    assert stream.sent < 0.6 * len(bomb)


@pytest.mark.parametrize("headers", [{}, {"content-encoding": "gzip"}])
async def test_a_body_without_end_is_cut(headers: dict[str, str]) -> None:
    start = gzip.compress(b"x") if headers else b"x"
    with pytest.raises(BadPayload, match="larger than 32 MiB"):
        await asked(raw(start, *[bytes(2**20)] * 40, **headers))


@pytest.mark.parametrize(
    ("pieces", "encoding"),
    [((gzip.compress(b"hello")[:-9],), "gzip"), ((b"not gzip",), "gzip"), ((b"x",), "br"), ((b"x",), "zstd")],
)
async def test_what_cannot_be_unpacked_is_a_bad_payload(pieces: tuple[bytes, ...], encoding: str) -> None:
    with pytest.raises(BadPayload):
        await asked(raw(*pieces, **{"content-encoding": encoding}))


async def test_a_body_that_breaks_off_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await asked(raw(b'{"a":', error=httpx.RemoteProtocolError("peer closed connection")))


def to(location: str, status: int = 302) -> httpx.Response:
    return httpx.Response(status, headers={"location": location})


async def test_redirects_on_the_same_host_are_followed() -> None:
    hops = {"/x": to("/y"), "/y": to(f"{BASE}/z", 301), "/z": to("/end", 307), "/end": data([1])}
    assert await asked(lambda request: hops[request.url.path]) == b"[1]"


@pytest.mark.parametrize(
    "location",
    [f"{BASE}/x", "https://consent.example.net/v2", "http://cdn.example.com/x", "https://[bad/", "file:///etc/passwd"],
)
async def test_other_redirects_are_refused(location: str) -> None:
    with pytest.raises(Refused):
        await asked(lambda _: to(location))


async def test_a_location_that_is_no_address_is_typed_too() -> None:
    with pytest.raises(SourceError):
        await asked(lambda _: to("https://cdn.example.com:port/"))


async def test_an_unchanged_body_is_reused_until_it_changes() -> None:
    bodies = [b"one", b"one", b"two"]

    def answer(request: httpx.Request) -> httpx.Response:
        body = bodies.pop(0)
        tag = f'"{body.decode()}"'
        if request.headers.get("if-none-match") == tag:
            return httpx.Response(304)
        return httpx.Response(200, content=body, headers={"etag": tag, "last-modified": "then"})

    http, wire = client(answer)
    assert [await http.fetch(f"{BASE}/x", bytes) for _ in range(3)] == [b"one", b"one", b"two"]
    assert wire.requests[1].headers["if-modified-since"] == "then"


async def test_a_body_that_could_not_be_decoded_is_not_kept() -> None:
    def refuse(_: bytes) -> None:
        raise BadPayload("cboe", "$", "no")

    http, wire = client(httpx.Response(200, content=b"x", headers={"etag": '"1"'}))
    for _ in range(2):
        with pytest.raises(BadPayload):
            await http.fetch(f"{BASE}/x", refuse)
    assert "if-none-match" not in wire.requests[1].headers


def test_the_shelf_is_bounded() -> None:
    shelf = Shelf(room=100)
    for name in "abc":
        shelf.put(name, Kept(bytes(40), "tag", ""))
    assert [name for name in "abc" if shelf.get(name)] == ["b", "c"]
    shelf.put("large", Kept(bytes(51), "tag", ""))
    shelf.put("unmarked", Kept(b"x", "", ""))
    assert not shelf.get("large")
    assert not shelf.get("unmarked")


async def test_a_decoder_that_forgot_a_case_does_not_end_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    def forgetful(_: bytes) -> None:
        raise ZeroDivisionError("secret")

    http, _ = client(data({}))
    with pytest.raises(BadPayload, match="unexpected: ZeroDivisionError"):
        await http.fetch(f"{BASE}/x", forgetful)
    assert "decoding an answer of cboe" in caplog.text
