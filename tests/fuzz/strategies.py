"""What the readers are given: our own fixtures and every earlier find, cut, doubled, crossed and overwritten."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from hypothesis import strategies as st

HERE = Path(__file__).parent
CORPUS = HERE / "corpus"
SCREENS = HERE.parent / "screens"

TOKENS = [
    *(
        b"<form>",
        b"</form>",
        b"<input type=password>",
        b"<select>",
        b"<option selected>",
        b"<base href=//evil.example/>",
    ),
    *(b"<script>", b"</script>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<?xml", b"<!DOCTYPE", b"<table><tr><td>"),
    *(b"CM/ECF login", b"CM/ECF account", b"PACER account", b"successfully linked", b"redaction", b"Utilities"),
    *(b"Log Out", b"id=-1", b"formaction=//evil.example/", b"http-equiv=refresh", b"location.assign('//evil.example')"),
    *(b"&#0;", b"&#x110000;", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"'", b'"', b"<", b">", b"%", b"=", b"&"),
    *(b"javax.faces.ViewState", b"<partial-response>", b"charset=utf-7", b"a" * 5000, b"<div>" * 300),
]
"""What means something to the reader of pages."""

WORDS = [
    *("", "0", "-1", "T0PRETEND", "U0ANNA", "gasb", "link_form", "passcode_form", "confirm_link", "cancel_attempt"),
    *("open_form", "court", "watch_form", "notice_mute", "block_actions", "view_submission", "event_callback", "D1"),
    *("attempt1:1", "0123456789ab|e1|1|", "9" * 400, "\ud83d\ude00", "\x00", "%s", "a" * 4000, "../..", "null"),
]
"""What means something to the reader of payloads."""


def html_seeds() -> list[bytes]:
    """Return every screen of the tests and every earlier find."""
    files = [*SCREENS.glob("*/*.html"), *(CORPUS / "html").iterdir()]
    return [file.read_bytes() for file in sorted(files)]


def slack_seeds() -> list[dict[str, Any]]:
    """Return one payload of each kind that Slack sends us."""
    return [json.loads(file.read_bytes()) for file in sorted((CORPUS / "slack").glob("*.json"))]


def finds(target: str) -> list[bytes]:
    """Return the inputs that once broke a reader."""
    return [file.read_bytes() for file in sorted((CORPUS / target).glob("*.find"))]


@st.composite
def pages(draw: st.DrawFn) -> bytes:
    """A page that is nearly one of a court's."""
    seeds = html_seeds()
    page = draw(st.sampled_from(seeds))
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(page)))
        end = min(len(page), start + draw(st.integers(0, 200)))
        match draw(st.sampled_from(["token", "cut", "double", "cross", "bytes", "end"])):
            case "token":
                page = page[:start] + draw(st.sampled_from(TOKENS)) + page[start:]
            case "cut":
                page = page[:start] + page[end:]
            case "double":
                page = page[:end] + page[start:]
            case "cross":
                other = draw(st.sampled_from(seeds))
                page = page[:start] + other[draw(st.integers(0, len(other))) :]
            case "bytes":
                page = page[:start] + draw(st.binary(max_size=20)) + page[end:]
            case _:
                page = page[:start]
    return page


VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def payloads(draw: st.DrawFn) -> dict[str, Any]:
    """A payload that is nearly one of Slack's."""
    payload: dict[str, Any] = json.loads(json.dumps(draw(st.sampled_from(slack_seeds()))))
    for _ in range(draw(st.integers(0, 4))):
        place: Any = payload
        while True:
            keys: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            inside = place[key]
            if isinstance(inside, dict | list) and inside and draw(st.booleans()):
                place = inside
                continue
            if isinstance(place, dict) and draw(st.integers(0, 3)) == 0:
                del place[key]
            else:
                place[key] = draw(VALUES)
            break
    return payload


@st.composite
def bodies(draw: st.DrawFn) -> tuple[bytes, str]:
    """A request's body and its content type."""
    payload = draw(payloads())
    if "command" in payload:
        body, kind = urlencode(payload).encode("utf-8", "replace"), "application/x-www-form-urlencoded"
    elif draw(st.booleans()):
        body, kind = b"payload=" + quote(json.dumps(payload)).encode(), "application/x-www-form-urlencoded"
    else:
        body, kind = json.dumps(payload).encode(), "application/json"
    if draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(body)))
        body = body[:at] + draw(st.binary(max_size=10)) + body[at + draw(st.integers(0, 10)) :]
    return body, kind
