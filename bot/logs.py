"""The log: one JSON line an event, of allow-listed fields only; no local variable, message or payload in a traceback.

An allow-list is what makes the promise keepable: a field that nobody thought of is left out, not printed. An exception
is told by its type and the places it passed, because its message may quote what a person typed (reliability.md 3.4).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import MutableMapping
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

Event = MutableMapping[str, Any]


def set_up(level: str, stream: TextIO | None = None) -> None:
    """Send every log line of the process to `stream` (stderr by default) from `level` on; call it once, at the start.

    The libraries' own loggers pass through the same rules.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[_trace, _only_allowed, structlog.processors.JSONRenderer()],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)


def _trace(logger: Any, name: str, event: Event) -> Event:
    """Turn an exception into its type and its places."""
    found = event.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        event["error"] = type(error).__name__
        event["where"] = places(error.__traceback__)
    record = event.get("_record")
    if isinstance(record, logging.LogRecord):
        record.exc_info = None
        record.exc_text = None
    return event


def places(trace: TracebackType | None, most: int = 8) -> str:
    """Return the last `most` places of a traceback as file:line, innermost first; never code, never values."""
    passed: list[str] = []
    while trace is not None:
        passed.append(f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " < ".join(reversed(passed[-most:]))


def _only_allowed(logger: Any, name: str, event: Event) -> Event:
    return {field: _short(event[field]) for field in FIELDS if field in event}


def _short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    text = str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."
