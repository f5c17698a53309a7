"""The log: one JSON line an event, of allow-listed fields only; no local variable, message or payload in a traceback.

An allow-list is what makes the promise keepable: a field that nobody thought of is left out, not printed. An exception
is told by its type and the places it passed, because its message may quote what a person typed (reliability.md 3.4).
Every line is plain ASCII: no line break, control sequence or look-alike of another event comes through JSON's escapes.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import PurePath
from types import TracebackType
from typing import Any, TextIO

import structlog

FIELDS = (
    "timestamp",
    "level",
    "logger",
    "event",
    "incident",
    "court",
    "code",
    "step",
    "place",
    "requests",
    "error",
    "reason",
    "where",
    "setting",
    "host",
    "port",
    "mode",
    "running",
    "seconds",
)
"""All that a log line may hold, in this order."""

LONGEST = 500
"""Characters of one field; what is longer was not meant for a log."""

_INCIDENT = "incident %s: "
_FAULT = ": %s"
_NAME = structlog.stdlib.add_logger_name


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Send every log line of the process to `stream` (stderr by default) from `level` on; call it once, at the start.

    The libraries' own loggers pass through the same rules.
    """
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, _NAME, _hand_over],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = OneLineHandler(stream or sys.stderr)
    handler.setFormatter(OneLine())
    # The store tells its troubles itself, by type; the pool's own lines are about connections it had to let go.
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)


def _hand_over(logger: Any, name: str, event: MutableMapping[str, Any]) -> tuple[tuple[Any], dict[str, Any]]:
    """Hand an event to the standard logging as a mapping, with the exception beside it as everybody else does."""
    return (dict(event),), {"exc_info": event.get("exc_info")}


class OneLineHandler(logging.StreamHandler[TextIO]):
    """A handler whose own failure prints nothing: Python's report of it would quote the arguments."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Leave the line out."""


class OneLine(logging.Formatter):
    """Turns a record, ours or a library's, into one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without the fields that are not allowed and without an exception's message."""
        given: object = record.msg
        event: dict[str, Any] = dict(given) if isinstance(given, Mapping) else _said(record)
        event |= {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            event |= {"error": type(error).__name__, "where": places(error.__traceback__)}
        return json.dumps({field: _short(event[field]) for field in FIELDS if field in event}, ensure_ascii=True)


def _said(record: logging.LogRecord) -> dict[str, Any]:
    """The event of a line that was not logged as values; ours of the chats say incident first and fault last."""
    args = record.args
    if not record.name.startswith("handlers.") or not isinstance(args, tuple) or not isinstance(record.msg, str):
        return {"event": record.getMessage()}
    event: dict[str, Any] = {}
    text = record.msg
    if text.startswith(_INCIDENT) and args:
        event["incident"], text, args = args[0], text.removeprefix(_INCIDENT), args[1:]
    if text.endswith(_FAULT) and args:
        event["error"], text, args = args[-1], text.removesuffix(_FAULT), args[:-1]
    return event | {"event": text % args if args else text}


def places(trace: TracebackType | None, most: int = 8) -> str:
    """Return the last `most` places of a traceback as file:line, innermost first; never code, never values."""
    passed: list[str] = []
    while trace is not None:
        passed.append(f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(passed[-most:]))


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."
