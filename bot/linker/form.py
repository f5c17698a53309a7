"""A form as a browser would send it: which controls count, which button was pressed, how the body is encoded."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from yarl import URL

from bot.linker.fence import resolve
from bot.linker.sending import Sends

_BUTTONS = frozenset({"submit", "image", "button", "reset"})
_URLENCODED = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class Link:
    """An anchor, or a button that leads somewhere: its words and its resolved, not yet fenced, address."""

    text: str
    to: URL


@dataclass(frozen=True, slots=True)
class Control:
    """One control of a form; `values` is what a select would send, `caption` the words on a button."""

    name: str
    kind: str
    value: str = ""
    values: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    checked: bool = False
    disabled: bool = False
    readonly: bool = False
    caption: str = ""
    label: str = ""
    action: str = ""
    method: str = ""
    enctype: str = ""
    onclick: str = ""
    sends: Sends = field(default=Sends.NOTHING, compare=False)

    @property
    def presses(self) -> bool:
        """True for a button that sends its form, by itself or by a script that does nothing but that."""
        by_script = self.kind == "button" and self.sends is Sends.ONLY
        return (self.kind in ("submit", "image") or by_script) and not self.disabled

    @property
    def does_more(self) -> bool:
        """True for a button whose script does something else than send its form, or nobody knows what."""
        return self.kind == "button" and self.sends is Sends.MORE and not self.disabled

    @property
    def types(self) -> bool:
        """True for a field into which a line of text is typed."""
        return self.kind in ("text", "email", "tel", "url", "search", "") and not self.disabled


@dataclass(frozen=True, slots=True)
class Submit:
    """A form ready to go: a value that the browser performs. Its repr hides the body, which may hold passwords."""

    url: URL
    method: str
    body: bytes
    content_type: str

    def __repr__(self) -> str:
        return f"Submit({self.method} {self.url.host}{self.url.raw_path})"


@dataclass(frozen=True, slots=True)
class Form:
    """One form of a page; `action` is resolved, and None where the page wrote no address."""

    id: str
    name: str
    action: URL | None
    method: str
    enctype: str
    charset: str
    controls: tuple[Control, ...]

    def find(self, *suffixes: str) -> Control | None:
        """Return the first control whose name ends with one of `suffixes` (names of JSF forms vary in front)."""
        return next((c for c in self.controls if c.name.endswith(suffixes)), None)

    def passwords(self) -> list[Control]:
        """Return the password fields that can be typed into."""
        return [c for c in self.controls if c.kind == "password" and not c.disabled]

    def button(self, words: re.Pattern[str]) -> Control | None:
        """Return the first sending button whose caption or name has `words`."""
        return next((c for c in self.controls if c.presses and (words.search(c.caption) or words.search(c.name))), None)

    def strange_button(self, words: re.Pattern[str]) -> bool:
        """True when no sending button has `words`, but one does whose script does more than send the form."""
        named = [c for c in self.controls if words.search(c.caption) or words.search(c.name)]
        return any(c.does_more for c in named) and not any(c.presses for c in named)

    def target(self, pressed: Control | None = None) -> URL | None:
        """Return where the form goes when `pressed` is pressed: a button may name its own address."""
        if pressed is not None and pressed.action:
            return resolve(self.action, pressed.action) if self.action is not None else None
        return self.action

    def posts(self, pressed: Control | None = None) -> bool:
        """True when the form is sent by POST."""
        return ((pressed.method if pressed else "") or self.method) == "post"

    def pairs(self, typed: Mapping[str, str], pressed: Control | None = None) -> list[tuple[str, str]]:
        """Return the successful controls in page order (HTML, "constructing the entry list"), with `typed` filled in.

        `typed` maps control names to texts; a checkbox or radio named in it counts as ticked. Disabled controls,
        unticked boxes, buttons that were not pressed, and nameless ones are left out.
        """
        sent: list[tuple[str, str]] = []
        for control in self.controls:
            if control.disabled:
                continue
            if control.kind in _BUTTONS:
                if control is pressed:
                    sent += _pressed_pairs(control)
            elif control.name:
                sent += _control_pairs(control, typed)
        return sent

    def submit(self, typed: Mapping[str, str], pressed: Control | None = None) -> Submit | None:
        """Return the request that sends this form, or None where it has no address or no known method."""
        url = self.target(pressed)
        if url is None:
            return None
        pairs = self.pairs(typed, pressed)
        if not self.posts(pressed):
            query = urlencode(pairs, encoding=self.charset, errors="xmlcharrefreplace")
            return Submit(url.with_query(None).update_query(query) if query else url, "GET", b"", "")
        enctype = (pressed.enctype if pressed else "") or self.enctype
        if enctype == _MULTIPART:
            boundary = "----linkecf" + secrets.token_hex(16)
            body = _multipart(pairs, boundary, self.charset)
            return Submit(url, "POST", body, f"{_MULTIPART}; boundary={boundary}")
        return Submit(url, "POST", urlencoded(pairs, self.charset), _URLENCODED)


def urlencoded(pairs: list[tuple[str, str]], charset: str = "utf-8") -> bytes:
    """Return the pairs as a form body; characters the page's charset lacks go as numeric references, as browsers do."""
    lines = [(name, _crlf(value)) for name, value in pairs]
    return urlencode(lines, encoding=_plain(charset), errors="xmlcharrefreplace").encode("ascii")


def _multipart(pairs: list[tuple[str, str]], boundary: str, charset: str) -> bytes:
    """Encode as browsers do: no part headers but the name, which CGI scripts of this age rely on (RFC 7578)."""
    parts = []
    for name, value in pairs:
        quoted = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="{quoted}"\r\n\r\n'
        parts.append((head + _crlf(value) + "\r\n").encode(_plain(charset), errors="xmlcharrefreplace"))
    return b"".join(parts) + f"--{boundary}--\r\n".encode()


def _plain(charset: str) -> str:
    return "utf-8" if charset.startswith(("utf-16", "utf-8")) else charset


def _crlf(text: str) -> str:
    return re.sub(r"\r\n|\r|\n", "\r\n", text)


def _pressed_pairs(control: Control) -> list[tuple[str, str]]:
    """A button's own pair; one that only calls `submit()` by script sends none."""
    if control.kind == "button":
        return []
    if control.kind == "image":
        stem = f"{control.name}." if control.name else ""
        return [(f"{stem}x", "0"), (f"{stem}y", "0")]
    return [(control.name, control.value)] if control.name else []


def _control_pairs(control: Control, typed: Mapping[str, str]) -> list[tuple[str, str]]:
    if control.kind in ("checkbox", "radio"):
        ticked = control.checked or control.name in typed
        return [(control.name, control.value)] if ticked else []
    if control.name in typed:
        return [(control.name, typed[control.name])]
    if control.kind == "select":
        return [(control.name, value) for value in control.values]
    if control.kind == "file":
        return []
    if control.kind == "hidden" and control.name == "_charset_":
        return [(control.name, "utf-8")]
    return [(control.name, control.value)]
