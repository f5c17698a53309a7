"""Keeps payloads out of the log, whatever the libraries write, at every level.

slack_bolt prints the whole body of a request with a wrong signature at INFO and of an unhandled one at WARNING;
slack_sdk prints Web API bodies and Socket Mode messages at DEBUG; aiohttp quotes raw header bytes in its error
reports (slack.md section 1.5). With passwords in a form, any of these would be a password in a log. aiosqlite prints
every statement with its values at DEBUG, sealed ones too.

A filter on a logger is not enough: it is not asked for the records of child loggers, and loggers are made at any
time. So the records themselves are made harmless where all of them are made, in the record factory: no handler,
formatter or later child logger ever sees the text.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any

WITHHELD = ("slack_bolt", "slack_sdk", "aiohttp", "aiosqlite", "sqlalchemy", "psycopg")
"""The loggers whose texts are withheld, with everything beneath them."""

FIRST_LINE = ("asyncio",)
"""The loggers that quote results and exceptions after their first line; only that line is kept."""

_SAFE = re.compile(
    r"A new session \(s_-?\d+\) has been established"
    r"|The old session \(s_-?\d+\) has been abandoned"
    r"|The current session \(s_-?\d+\) has been abandoned by disconnect\(\) method call"
    r"|The session \(s_-?\d+\) seems to be (already closed|stale)\. Reconnecting\.\.\..{0,80}"
    r"|The aiohttp client session is closed; creating a new one"
    r"|Rate limited\. Retrying in \d+ seconds\.\.\."
)
"""Texts that an administrator needs and that hold nothing but numbers."""

Factory = Callable[..., logging.LogRecord]


class QuietFactory:
    """Makes log records; the watched loggers' lose their text, arguments and exception."""

    def __init__(self, make: Factory) -> None:
        self.make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        """Return a record as the former factory makes it, silenced where it has to be."""
        record = self.make(*args, **kwargs)
        if _under(record.name or "", WITHHELD):
            _silence(record, _text(record))
        elif _under(record.name or "", FIRST_LINE):
            _silence(record, _text(record), keep=_text(record).partition("\n")[0])
        return record


def hush() -> None:
    """Silence the libraries for the whole process, before anything is logged. Calling it again changes nothing."""
    factory = logging.getLogRecordFactory()
    if not isinstance(factory, QuietFactory):
        logging.setLogRecordFactory(QuietFactory(factory))


def unhush() -> None:
    """Undo hush(), for tests that look at both sides."""
    factory = logging.getLogRecordFactory()
    if isinstance(factory, QuietFactory):
        logging.setLogRecordFactory(factory.make)


def _under(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(root + ".") for root in roots)


def _text(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception:  # a library's own formatting fault must not end in its report, which prints the arguments
        return ""


def _silence(record: logging.LogRecord, text: str, keep: str | None = None) -> None:
    error = record.exc_info[1] if record.exc_info else None
    what = f" ({type(error).__name__})" if error is not None else ""
    if keep is not None:
        record.msg = keep + what
    elif _SAFE.fullmatch(text):
        record.msg = text
    else:
        record.msg = f"{record.module}.{record.funcName}:{record.lineno}{what}: text withheld, it may quote a payload"
    record.args = None
    record.exc_info = None
    record.exc_text = None
    record.stack_info = None
