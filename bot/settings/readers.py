"""Texts of the environment as values: a reader takes what the firm wrote, or raises ValueError without a word of it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from bot.secret import Secret

Network = IPv4Network | IPv6Network
W = TypeVar("W", bound=str)

LEAST_PREFIX = {4: 8, 6: 16}
"""A proxy's network is no larger than 10.0.0.0/8; more is a mistake."""


@dataclass(frozen=True, slots=True)
class Address:
    """A loopback address and port, to which every court and PACER name is led while the real names and TLS stay."""

    host: str
    port: int


def secret(*prefixes: str) -> Callable[[str], Secret]:
    """Return a reader of a token or key that starts with one of `prefixes`."""

    def read(text: str) -> Secret:
        if not text.startswith(prefixes) or not re.fullmatch(r"[\x21-\x7e]+", text):
            raise ValueError
        return Secret(text)

    return read


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.ASCII)
"""One part of a host's name in ASCII; underscores are not for host names, and yet some firms have them."""


def web_address(text: str) -> str:
    """An https address, or one in clear on this machine, as a browser would write it, without a slash at its end."""
    if not re.fullmatch(r"[\x21-\x7e]+", text) or re.search(r"[?#@\\<>\"{}|^`]", text):
        raise ValueError
    parts = urlsplit(text)
    # A port that is none raises ValueError by itself.
    if parts.port == 0 or not _is_host(parts.hostname or "", bracketed="[" in parts.netloc):
        raise ValueError
    local = parts.scheme == "http" and (parts.hostname == "localhost" or _loopback(parts.hostname or ""))
    if not (parts.scheme == "https" or local):
        raise ValueError
    return text.rstrip("/")


def _is_host(name: str, *, bracketed: bool) -> bool:
    """Tell whether a browser asks for this name as it is written: a name in ASCII, or an address in its short form."""
    if bracketed:
        return "%" not in name and str(ipaddress.IPv6Address(name)) == name
    return len(name) <= 253 and all(_NAME.fullmatch(part) for part in name.split("."))


def client_id(text: str) -> str:
    """Slack's Client ID: two numbers with a dot between them."""
    if not re.fullmatch(r"[0-9]{1,20}\.[0-9]{1,20}", text):
        raise ValueError
    return text


def slack_api(text: str) -> str:
    """The address of Slack's Web API, with a slash at its end."""
    return web_address(text) + "/"


def database(text: str) -> Secret:
    """The address of a database."""
    # A Secret: the address of a PostgreSQL server holds its password.
    parts = urlsplit(text)
    file = parts.scheme == "sqlite" and not parts.netloc and parts.path not in {"", "/", "/:memory:"}
    server = parts.scheme == "postgresql" and parts.hostname and len(parts.path) > 1
    # A port that is none raises ValueError by itself.
    if not (file or (server and (parts.port is None or parts.port > 0))) or not text.isprintable():
        raise ValueError
    return Secret(text)


def one_of(*words: W) -> Callable[[str], W]:
    """Return a reader of one of `words`, in capitals or not."""

    def read(text: str) -> W:
        for word in words:
            if text.lower() == word:
                return word
        raise ValueError

    return read


def host(text: str) -> str:
    """A name or address to listen on."""
    if not re.fullmatch(r"[0-9A-Za-z.:_-]+", text):
        raise ValueError
    return text


def port(text: str) -> int:
    """A port, 0 for any that is free."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise ValueError
    return int(text)


def on_or_off(text: str) -> bool:
    """True for on."""
    if text.lower() not in {"on", "off"}:
        raise ValueError
    return text.lower() == "on"


def contact(text: str) -> str:
    """What stands in the User-Agent header, between brackets."""
    # It goes into the User-Agent header, between brackets.
    if not re.fullmatch(r"[\x21-\x27\x2a-\x7e](?:[\x20-\x27\x2a-\x7e]{0,98}[\x21-\x27\x2a-\x7e])?", text):
        raise ValueError
    return text


def connect_to(text: str) -> Address:
    """A loopback address and port."""
    host, _, port = text.rpartition(":")
    host = {"localhost": "127.0.0.1"}.get(host, host.removeprefix("[").removesuffix("]"))
    if not _loopback(host) or not re.fullmatch(r"[0-9]{1,5}", port) or not 0 < int(port) < 65536:
        raise ValueError
    return Address(host, int(port))


def existing_file(text: str) -> Path:
    """The path of a file that is there."""
    with suppress(OSError, RuntimeError):  # a path too long, a home of nobody
        path = Path(text).expanduser()
        if path.is_file():
            return path
    raise ValueError


def keys(text: str) -> Secret:
    """Keys with their ids."""
    # The shape only; the vault, which knows keys, looks closer and says the same.
    key = r"[a-z0-9][a-z0-9._-]{0,31}:[A-Za-z0-9_-]{43}=?"
    if not re.fullmatch(rf"{key}(?:\s*,\s*{key})*", text):
        raise ValueError
    return Secret(text)


def people(text: str) -> tuple[str, ...]:
    """Slack member ids, each with the id of its workspace or organization and a slash before it, or without."""
    ids = tuple(part for part in re.split(r"[\s,]+", text) if part)
    if not all(re.fullmatch(r"(?:[TE][A-Z0-9]{2,}/)?[UW][A-Z0-9]{2,}", person) for person in ids):
        raise ValueError
    return ids


def networks(text: str) -> tuple[Network, ...]:
    """Addresses and networks, none of which is everybody: who trusts all of them trusts whoever asks."""
    found = tuple(ipaddress.ip_network(part) for part in re.split(r"[\s,]+", text) if part)
    if any(one.prefixlen < LEAST_PREFIX[one.version] for one in found):
        raise ValueError
    return found
