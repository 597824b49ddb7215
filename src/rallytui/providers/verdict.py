"""What an answer's status and first bytes mean: nothing wrong, or which typed error."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from rallytui.model import BadPayload, RateLimited, Refused, SourceError, Unavailable, UnknownSymbol
from rallytui.providers.decode import said

LONGEST_WAIT_S = 86_400.0
TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that was read to its end: `kind` is the content type in lower case, `retry_after` in seconds."""

    status: int
    body: bytes
    kind: str = ""
    retry_after: float | None = None
    etag: str = ""
    modified: str = ""

    def is_page(self) -> bool:
        """Whether this is a web page, whatever the content type says."""
        start = self.body[:256].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return "text/html" in self.kind or start.startswith((b"<!doctype html", b"<html"))

    def is_data(self) -> bool:
        """Whether this is JSON or XML, in which a source says by itself what is wrong."""
        start = self.body.lstrip(b"\xef\xbb\xbf \t\r\n")
        return not self.is_page() and start.startswith((b"{", b"[", b"<?xml", b"<Error"))

    def words(self) -> str:
        """The gist of an error body: a page's title, else its first words, cleaned and cut."""
        text = self.body[:4000].decode("utf-8", "replace")
        title = TITLE.search(text)
        return said(TAG.sub(" ", title.group(1) if title else text[:1000]), 120)


Judge = Callable[[Answer, str], SourceError | None]
"""A source's own reading of (answer, what was asked about); None leaves it to `verdict`."""


def verdict(name: str, title: str, answer: Answer, about: str) -> SourceError | None:
    """The error that an answer is by the rules of HTTP, or None if it is fit to be decoded."""
    status = answer.status
    if 200 <= status < 300:
        return _of_success(name, title, answer)
    words = f": {answer.words()}" if answer.words() else ""
    if status == 429 or (status == 503 and answer.retry_after is not None):
        return RateLimited(name, f"{title} asks for patience (status {status}){words}", answer.retry_after)
    if status in (404, 410) and not answer.is_data():
        # Nothing, a word or a page: so a wall answers that has had enough (seen of Yahoo since September 2026).
        return RateLimited(name, f"{title} answers as if it had been asked too often (status {status}){words}")
    if status in (404, 410) and about:
        return UnknownSymbol(name, about)
    if status in (304, 408, 425) or status >= 500:
        return Unavailable(name, f"{title} answers with an error (status {status}){words}")
    return Refused(name, f"{title} refuses to answer (status {status}){words}")


def _of_success(name: str, title: str, answer: Answer) -> SourceError | None:
    if answer.is_page():
        # A consent page, a challenge or a login: with status 200 it would otherwise pass for data.
        return Refused(name, f"{title} sent a web page instead of data: {answer.words() or 'without a title'}")
    if not answer.body.strip():
        return BadPayload(name, "$", "the answer is empty")
    return None


def retry_after(header: str, now: datetime) -> float | None:
    """Seconds of a Retry-After header, which may be a date (RFC 9110 10.2.3): at most a day, None if unreadable."""
    text = header.strip()
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return min(float(text[:9]), LONGEST_WAIT_S)
    moment = stamped(text)
    return None if moment is None else min(max((moment - now).total_seconds(), 0.0), LONGEST_WAIT_S)


def stamped(header: str) -> datetime | None:
    """A time of HTTP, as in a Date header, aware; None if it is not one."""
    try:
        moment = parsedate_to_datetime(header.strip())
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
