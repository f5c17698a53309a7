"""A short run of both fuzzers, and every earlier find again; the long one is `python -m tests.fuzz --seconds N`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.readers import Edge, edge, read_page
from tests.fuzz.strategies import bodies, finds, html_seeds, pages, slack_seeds

SHORT = settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def slack() -> Iterator[Edge]:
    """One edge for the module."""
    with edge() as made:
        yield made


def test_there_is_something_to_begin_with() -> None:
    assert len(html_seeds()) > 40
    assert {one.get("type", "command") for one in slack_seeds()} >= {
        *("command", "block_actions", "view_submission", "block_suggestion", "event_callback", "view_closed")
    }


@SHORT
@given(body=pages())
def test_no_page_breaks_the_reader(body: bytes) -> None:
    read_page(body)


@SHORT
@given(sent=bodies())
def test_no_payload_breaks_the_edge(slack: Edge, sent: tuple[bytes, str]) -> None:
    slack.take(*sent)


def test_what_once_broke_a_reader_does_so_no_more(slack: Edge) -> None:
    assert finds("slack")
    for body in finds("html"):
        read_page(body)
    for body in finds("slack"):
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            slack.take(body, kind)
