"""Reading an answer's body with a limit on what it may unpack to, and keeping bodies for conditional requests."""

from __future__ import annotations

import zlib
from collections import OrderedDict
from dataclasses import dataclass

import httpx

from rallytui.model import BadPayload

MAX_BYTES = 32 * 2**20
ENCODINGS = {"": 0, "identity": 0, "gzip": 31, "x-gzip": 31, "deflate": 47}
"""The encodings that are asked for, with zlib's window bits; 0 is plain."""


class Unpacker:
    """Decompresses at most `room` bytes in all: a small body that grows without end is cut, not unpacked."""

    def __init__(self, provider: str, encoding: str, room: int) -> None:
        if encoding not in ENCODINGS:
            raise BadPayload(provider, "$", "the answer is packed in a way that was not asked for")
        bits = ENCODINGS[encoding]
        self._provider, self._limit, self._room, self._wire = provider, room, room, room
        self._zlib = zlib.decompressobj(bits) if bits else None
        self._parts: list[bytes] = []

    def feed(self, chunk: bytes) -> None:
        """Take in a piece as it came over the wire. Raises BadPayload beyond the limit or if it cannot be unpacked."""
        part = self._unpacked(chunk)
        self._room -= len(part)
        self._wire -= len(chunk)
        if min(self._room, self._wire) < 0:
            raise BadPayload(self._provider, "$", f"the answer is larger than {self._limit / 2**20:g} MiB")
        self._parts.append(part)

    def _unpacked(self, chunk: bytes) -> bytes:
        if self._zlib is None:
            return chunk
        if self._zlib.eof:
            return b""  # what follows the packed stream is not part of the answer
        try:
            return self._zlib.decompress(chunk, self._room + 1)
        except zlib.error:
            raise BadPayload(self._provider, "$", "the answer cannot be unpacked") from None

    def finish(self) -> bytes:
        """The whole body. Raises BadPayload if the packed stream stops early."""
        if self._zlib and self._parts and not self._zlib.eof:
            raise BadPayload(self._provider, "$", "the answer is cut short")
        return b"".join(self._parts)


async def read(provider: str, response: httpx.Response, limit: int = MAX_BYTES) -> bytes:
    """The unpacked body of a streamed response, at most `limit` bytes of it. Raises BadPayload beyond that."""
    if response.is_stream_consumed:  # a transport that lives in memory has read it already
        if len(response.content) > limit:
            raise BadPayload(provider, "$", f"the answer is larger than {limit / 2**20:g} MiB")
        return response.content
    unpacker = Unpacker(provider, response.headers.get("content-encoding", "").strip().lower(), limit)
    async for chunk in response.aiter_raw():
        unpacker.feed(chunk)
    return unpacker.finish()


@dataclass(frozen=True, slots=True)
class Kept:
    """An unpacked body and the marks by which the source recognises it."""

    body: bytes
    etag: str
    modified: str

    def headers(self) -> dict[str, str]:
        """The conditional headers that ask whether it has changed."""
        found = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in found.items() if value}


class Shelf:
    """The last good bodies by URL, the least recently used dropped beyond `room` bytes."""

    def __init__(self, room: int = 8 * 2**20) -> None:
        self._room, self._used = room, 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    def get(self, url: str) -> Kept | None:
        """What was kept for `url`."""
        if url in self._kept:
            self._kept.move_to_end(url)
        return self._kept.get(url)

    def put(self, url: str, kept: Kept) -> None:
        """Keep a body that has a mark and is not too large to share the room."""
        self.drop(url)
        if not kept.headers() or len(kept.body) > self._room // 2:
            return
        self._kept[url] = kept
        self._used += len(kept.body)
        while self._used > self._room:
            self.drop(next(iter(self._kept)))

    def drop(self, url: str) -> None:
        """Forget what was kept for `url`."""
        old = self._kept.pop(url, None)
        if old:
            self._used -= len(old.body)
