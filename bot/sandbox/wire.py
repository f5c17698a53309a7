"""One request in, one reply out, as plain values: the pretend servers behind `server.py` do no I/O of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.parser import BytesParser
from enum import StrEnum
from html import escape
from urllib.parse import parse_qsl

from bot.sandbox.ledger import Asked


class Ending(StrEnum):
    """What becomes of the connection."""

    SENT = "sent"
    CUT = "cut"
    """Cut, without any answer."""
    SILENT = "silent"
    """Kept open, without any answer."""
    DRIP = "drip"
    """The body, a few bytes at a time, again and again."""
    ENDLESS = "endless"
    """The body again and again, as fast as it is taken."""


@dataclass(frozen=True)
class Reply:
    """One answer; `headers` may hold a name several times (Set-Cookie)."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    ending: Ending = Ending.SENT

    def plus(self, *headers: tuple[str, str]) -> Reply:
        """Return the same reply with more headers."""
        return replace(self, headers=self.headers + headers)


CUT = Reply(ending=Ending.CUT)
SILENT = Reply(ending=Ending.SILENT)


@dataclass
class Visit:
    """One request as the pretend servers see it; `now` is the event loop's clock in seconds."""

    asked: Asked
    headers: Mapping[str, str]
    body: bytes
    now: float
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Path and query, as they were asked for."""
        return f"{self.asked.path}?{self.asked.query}" if self.asked.query else self.asked.path

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def form(self, charset: str = "utf-8") -> Form:
        """Return the posted form, multipart or urlencoded, decoded as `charset`; empty when there is none."""
        if self.media_type == "multipart/form-data":
            return _multipart(self.headers["Content-Type"], self.body, charset)
        text = self.body.decode("ascii", "replace")
        return Form(tuple(parse_qsl(text, keep_blank_values=True, encoding=charset, errors="replace")))


@dataclass(frozen=True)
class Form:
    """The name and value pairs of a posted form, in order."""

    pairs: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """Return the first value of `name`, or the empty text."""
        return next((value for key, value in self.pairs if key == name), "")

    def all(self, name: str) -> list[str]:
        """Return every value of `name`."""
        return [value for key, value in self.pairs if key == name]

    def __contains__(self, name: object) -> bool:
        return any(key == name for key, _ in self.pairs)


def cookies_of(header: str) -> dict[str, str]:
    """Read a Cookie header as CM/ECF does: literally, so that a value in quotes is another value."""
    pairs = (part.strip().partition("=") for part in header.split(";"))
    return {name: value for name, _, value in pairs if name}


def page(text: str, status: int = 200) -> Reply:
    """Return a UTF-8 HTML page."""
    return Reply(text.encode(), status)


def found(url: str, status: int = 302) -> Reply:
    """Return an HTTP redirect to `url`."""
    text = f'<html><head><title>Found</title></head><body><a href="{escape(url)}">here</a></body></html>'
    return Reply(text.encode(), status, headers=(("Location", url),))


def _multipart(content_type: str, body: bytes, charset: str) -> Form:
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body)
    pairs = []
    for part in message.get_payload() if message.is_multipart() else []:
        name = part.get_param("name", "", header="content-disposition")  # type: ignore[union-attr]
        content = part.get_payload(decode=True)  # type: ignore[union-attr]
        pairs.append((str(name), content.decode(charset, "replace") if isinstance(content, bytes) else ""))
    return Form(tuple(pairs))
