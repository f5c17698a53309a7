"""The log: one line an event, allow-listed fields, and nothing of an exception but its type and its places."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import logs
from handlers.slack.quiet import hush, unhush

CANARY = "pacer-canary-7f3a"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """The log at DEBUG, in memory; the former set-up is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up("debug", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(False)
    structlog.reset_defaults()
    unhush()


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    """Every line as an object."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_only_allowed_fields_are_written(log: io.StringIO) -> None:
    """A field that nobody thought of is left out."""
    structlog.get_logger("bot.x").info(
        "attempt_ended", incident="abc", code="linked", password=CANARY, view={"a": CANARY}
    )
    (line,) = lines(log)
    assert line.keys() == {"timestamp", "level", "logger", "event", "incident", "code"}
    assert (line["level"], line["logger"], line["event"]) == ("info", "bot.x", "attempt_ended")


def _fail(password: str) -> None:
    raise ValueError(f"cannot use {password}")


@pytest.mark.parametrize("ours", [True, False])
def test_an_exception_is_its_type_and_its_places(log: io.StringIO, ours: bool) -> None:
    """No message, no local variable, no source line; for our loggers and for a library's."""
    logger: Any = structlog.get_logger("bot.x") if ours else logging.getLogger("some.library")
    try:
        _fail(CANARY)
    except ValueError:
        logger.exception("it failed")
    (line,) = lines(log)
    assert line["error"] == "ValueError"
    assert line["where"].startswith("test_logs.py:")
    assert CANARY not in log.getvalue()
    assert "cannot use" not in log.getvalue()


def test_a_line_is_one_line_and_bounded(log: io.StringIO) -> None:
    """A line break cannot forge an event."""
    logging.getLogger("some.library").warning("a\n%s", "x" * 5000)
    (line,) = lines(log)
    assert len(line["event"]) < 600


def test_a_failing_line_quotes_nothing(log: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """Python's own report of a logging failure prints the arguments."""
    (handler,) = [one for one in logging.getLogger().handlers if isinstance(one, logs.OneLineHandler)]
    handler.handle(logging.LogRecord("some.library", logging.WARNING, "x.py", 1, "%d", (CANARY,), None))
    assert CANARY not in log.getvalue() + "".join(capsys.readouterr())


def test_the_libraries_of_the_chats_stay_quiet(log: io.StringIO) -> None:
    """Both rules together, in the order in which the service sets them up."""
    hush()
    logging.getLogger("slack_sdk.web").debug("body: %s", CANARY)
    structlog.get_logger("bot.x").info("started", port=3000)
    assert [one["logger"] for one in lines(log)] == ["slack_sdk.web", "bot.x"]
    assert CANARY not in log.getvalue()


async def test_a_task_nobody_waited_for(log: io.StringIO) -> None:
    """Asyncio's last word about a lost exception goes the same way."""
    loop = asyncio.get_running_loop()
    loop.call_exception_handler({"message": "lost", "exception": ValueError(CANARY)})
    (line,) = [one for one in lines(log) if "error" in one]
    assert line["error"] == "ValueError"
    assert CANARY not in log.getvalue()
