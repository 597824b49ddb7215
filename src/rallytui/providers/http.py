"""One source's HTTP: who we say we are, how often we ask, how long we wait, and every failure as a typed error."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TypeVar
from urllib.parse import quote as encoded

import httpx

from rallytui import __version__
from rallytui.config import ProviderSettings
from rallytui.config.addresses import is_loopback
from rallytui.model import BadPayload, Clock, Refused, SourceError, Unavailable
from rallytui.providers import REGISTRY
from rallytui.providers.body import Kept, Shelf, read
from rallytui.providers.decode import said
from rallytui.providers.limits import Breaker, Limiter
from rallytui.providers.verdict import Answer, Judge, retry_after, stamped, verdict

T = TypeVar("T")
PAGE = "https://pypi.org/project/rallytui/"
HONEST_AGENT = f"rallytui/{__version__} (+{PAGE})"
COMPATIBLE_AGENT = f"Mozilla/5.0 (compatible; rallytui/{__version__}; +{PAGE})"
CONNECT_S, READ_S, WHOLE_S = 5.0, 20.0, 60.0
REDIRECTS = 3
PAYLOAD_BYTES = 64 * 2**10
"""How much of a refused body is kept with its error."""
CONNECTIONS = 4

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Manners:
    """How one source wants to be treated.

    `agent` is the User-Agent; `per_minute` and `burst` the request budget (the config may change the former);
    `patience_s` how long to stay away after a 429 at least; `judge` knows the source's own error bodies.
    """

    name: str
    agent: str = HONEST_AGENT
    per_minute: float = 60.0
    burst: int = 4
    patience_s: float = 60.0
    judge: Judge | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class _PathOnly(logging.Filter):
    """Takes the query out of the URLs that httpx logs: FRED's key travels there."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(_bare(arg) if isinstance(arg, httpx.URL) else arg for arg in record.args)
        return True


def _bare(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.host}{url.path}"


logging.getLogger("httpx").addFilter(_PathOnly())


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """One verifying TLS context for all clients: loading the certificates is the slow part of making one."""
    return httpx.create_ssl_context()


class Http:
    """Requests to one source. Raises the errors of `model` and nothing else, except for cancellation."""

    def __init__(
        self,
        manners: Manners,
        settings: ProviderSettings,
        clock: Clock,
        transport: httpx.AsyncBaseTransport | None,
        bases: tuple[str, ...],
    ) -> None:
        self._manners, self._clock, self._transport = manners, clock, transport
        self.name, self.title = manners.name, REGISTRY[manners.name].title
        self._secret = settings.api_key
        # a header is ASCII on one line: anything else in the config must not become another header
        self.agent = " ".join(settings.user_agent.encode("ascii", "ignore").decode().split()) or manners.agent
        self._hosts = {host_of(base) for base in bases}
        rate = settings.requests_per_minute
        self.limiter = Limiter(rate if rate and rate > 0 else manners.per_minute, manners.burst, clock)
        self.breaker = Breaker(self.name, self.title, manners.patience_s, clock)
        self._client: httpx.AsyncClient | None = None
        self.skew_s: float | None = None
        """By how much this machine's clock is ahead of the source's `Date` header, seconds; None before an answer."""
        self._shelf = Shelf()

    async def fetch(
        self, url: str, decode: Callable[[bytes], T], params: Mapping[str, str] | None = None, about: str = ""
    ) -> T:
        """GET `url` and decode the body in a thread; `about` is the symbol that a "not found" would be about.

        A body that was decoded before and has not changed (304) is decoded again from the kept bytes.
        """
        self.breaker.check()
        await self.limiter.acquire()
        request = self._request(url, params)
        kept = self._shelf.get(str(request.url))
        if kept:
            request.headers.update(kept.headers())
        with self.breaker.attempt():
            answer = await self._answer(request)
            body = kept.body if kept and answer.status == 304 else self._judged(answer, about)
        value = await self._decoded(body, decode, url)
        if answer.status != 304:
            self._shelf.put(str(request.url), Kept(body, answer.etag, answer.modified))
        return value

    async def close(self) -> None:
        """Release the connections; a later request opens new ones."""
        client, self._client = self._client, None
        if client:
            await client.aclose()

    def _request(self, url: str, params: Mapping[str, str] | None) -> httpx.Request:
        if self._client is None:
            try:
                self._client = self._open()
            except Exception as error:  # a proxy or a certificate file of the environment that cannot be used
                reason = said(self._masked(str(error)), 160)
                text = f"{self.title} cannot be asked with this machine's proxy or certificate settings: {reason}"
                raise Refused(self.name, text) from None
        try:
            request = self._client.build_request("GET", url, params=params)
        except (httpx.InvalidURL, ValueError, TypeError):
            raise Refused(self.name, f"{self.title}'s address in the config is not a URL") from None
        if self._secret and request.url.scheme != "https" and not is_loopback(request.url.host):
            raise Refused(self.name, f"{self.title}'s address must be https, because a key is sent to it")
        return request

    def _open(self) -> httpx.AsyncClient:
        agent = {"User-Agent": self.agent, "Accept-Encoding": "gzip, deflate"}
        return httpx.AsyncClient(
            transport=self._transport,
            verify=_tls() if self._transport is None else True,
            headers={**agent, **self._manners.headers},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # httpx would keep them and send them back
            timeout=httpx.Timeout(READ_S, connect=CONNECT_S, pool=WHOLE_S),
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            follow_redirects=False,
        )

    async def _answer(self, request: httpx.Request) -> Answer:
        try:
            async with asyncio.timeout(WHOLE_S):
                return await self._follow(request)
        except SourceError:
            raise
        except (TimeoutError, httpx.TimeoutException):
            raise Unavailable(self.name, f"{self.title} did not answer in time") from None
        except Exception as error:  # the promise is that nothing untyped leaves, whatever a transport comes up with
            reason = unreachable(error) or said(self._masked(str(error)), 120)
            reason = reason or f"the connection broke ({type(error).__name__})"
            raise Unavailable(self.name, f"{self.title} cannot be reached: {reason}") from None

    async def _follow(self, request: httpx.Request) -> Answer:
        assert self._client is not None
        for _ in range(REDIRECTS + 1):
            response = await self._client.send(request, stream=True)
            try:
                if response.next_request is None:
                    return await self._read(response)
            finally:
                await response.aclose()
            request = self._allowed(request, response.next_request)
        raise Refused(self.name, f"{self.title} redirects in circles")

    def _allowed(self, before: httpx.Request, after: httpx.Request) -> httpx.Request:
        if after.url.host not in self._hosts:
            raise Refused(self.name, f"{self.title} sends us to another host: {said(after.url.host, 80)}")
        if before.url.scheme == "https" and after.url.scheme != "https":
            raise Refused(self.name, f"{self.title} sends us to an address without encryption")
        return after

    async def _read(self, response: httpx.Response) -> Answer:
        headers, now = response.headers, self._clock.now()
        dated = stamped(headers.get("date", ""))
        self.skew_s = (now - dated).total_seconds() if dated else self.skew_s
        body = await read(self.name, response)
        return Answer(
            status=response.status_code,
            body=self._without_key(body),
            kind=headers.get("content-type", "").lower(),
            retry_after=retry_after(headers.get("retry-after", ""), now),
            etag=headers.get("etag", ""),
            modified=headers.get("last-modified", ""),
        )

    def _judged(self, answer: Answer, about: str) -> bytes:
        own = self._manners.judge(answer, about) if self._manners.judge else None
        error = own or verdict(self.name, self.title, answer, about)
        if error:
            raise error
        return answer.body

    async def _decoded(self, body: bytes, decode: Callable[[bytes], T], url: str) -> T:
        try:
            return await asyncio.to_thread(decode, body)
        except SourceError as error:
            if isinstance(error, BadPayload):
                error.payload = body[:PAYLOAD_BYTES]
                start = said(body[:300].decode("utf-8", "replace"))
                log.info("%s; %s answered: %s", error, _bare(httpx.URL(url)), start)
            raise
        except Exception as error:  # a case that a decoder forgot must not end a caller's task
            log.exception("decoding an answer of %s", self.name)
            text = f"unexpected: {type(error).__name__}"
            raise BadPayload(self.name, "$", text, body[:PAYLOAD_BYTES]) from error

    def _masked(self, text: str) -> str:
        return self._without_key(text.encode("utf-8", "replace")).decode("utf-8", "replace")

    def _without_key(self, body: bytes) -> bytes:
        for written in {self._secret, encoded(self._secret, safe="")} - {""}:
            body = body.replace(written.encode(), b"***")
        return body


def base_url(configured: str, default: str) -> str:
    """The address to ask: the config's if there is one, without a slash at the end."""
    return (configured.strip() or default).rstrip("/")


def unreachable(error: Exception) -> str:
    """Why there is no connection, in a few words; empty if it is something else."""
    if not isinstance(error, httpx.ConnectError):
        return ""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, socket.gaierror):
            return "its name cannot be resolved"
        if isinstance(cause, ConnectionRefusedError):
            return "the connection was refused"
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate cannot be trusted ({said(getattr(cause, 'verify_message', str(cause)), 80)})"
        if isinstance(cause, ssl.SSLError):
            return "no encrypted connection could be made"
        cause = cause.__cause__ or cause.__context__
    return "no connection" if str(error).startswith("All connection attempts") else ""


def host_of(base: str) -> str:
    """The host of an address, empty if it is not one."""
    try:
        return httpx.URL(base).host
    except httpx.InvalidURL:
        return ""


def bare_address(base: str) -> str:
    """An address without a name and a password in it; empty if it is not one."""
    try:
        return str(httpx.URL(base).copy_with(userinfo=b"")).rstrip("/")
    except httpx.InvalidURL:
        return ""
