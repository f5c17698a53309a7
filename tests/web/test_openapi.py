"""Schemathesis asks the page what bot/web/openapi.json does not say, over TLS, with live links and without."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from bot.linker.values import Comparison
from bot.service.pages import Page
from bot.web import same_site
from tests.web.browser import FILLED, serving
from tests.web.pages import CAUTIONED, FORM, PASSCODE, PagesInMemory, accounts

Operation = schemathesis.APIOperation[Any, Any, Any, Any]
OPENAPI = Path(__file__).parents[2] / "bot" / "web" / "openapi.json"
SCHEMA = schemathesis.openapi.from_dict(json.loads(OPENAPI.read_text("utf-8")))
OPERATIONS = [one.ok() for one in SCHEMA.get_all_operations() if isinstance(one, Ok)]
assert len(OPERATIONS) == 6
BY_TOKEN = [one for one in OPERATIONS if "{token}" in one.path]
BOUNDED = settings(
    max_examples=40,
    deadline=None,
    database=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
COOKIE = "c" * 22


@dataclass
class Served:
    """A server in a thread of its own, because schemathesis waits for its answers."""

    origin: str
    ca_file: str
    pages: PagesInMemory


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve until the module's tests are over."""
    folder = tmp_path_factory.mktemp("page")
    pages = PagesInMemory()
    loop = asyncio.new_event_loop()
    begun: list[str] = []
    up, end = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with serving(pages, folder) as (origin, _):
            begun.append(origin)
            up.set()
            await end.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert up.wait(20)
        yield Served(begun[0], str(folder / "ca.pem"), pages)
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(20)
        loop.close()


LEADS_TO: Sequence[Page] = (FORM, CAUTIONED, PASSCODE, accounts(Comparison.AGREE))
NOT_ASKED: list[Any] = [positive_data_acceptance, negative_data_rejection]
"""A page says 422 of what its schema allows, and passes by fields that it does not know: neither is a fault."""


def ask(case: schemathesis.Case[Any], served: Served) -> int:
    """Send one request and hold the answer against the description: status, type and headers, no server error."""
    answer = case.call_and_validate(
        base_url=served.origin, verify=served.ca_file, allow_redirects=False, excluded_checks=NOT_ASKED
    )
    return int(answer.status_code)


def statuses(operation: Operation, served: Served, mode: GenerationMode, *, live: bool) -> set[int]:
    """Ask many times; with `live` each request has a link of its own, its cookie and its hidden field."""
    seen: set[int] = set()

    @BOUNDED
    @given(case=operation.as_strategy(mode), page=st.sampled_from(LEADS_TO), filled=st.booleans())
    def asks(case: schemathesis.Case[Any], page: Page, filled: bool) -> None:
        if live:
            token = served.pages.add(page)
            case.path_parameters["token"] = token
            if isinstance(case.body, dict):
                case.body = {**case.body, **({**FILLED, "answer": "stop"} if filled else {"code": "000000"})}
                case.body["csrf"] = same_site.field_for(token, COOKIE)
            case.headers["Sec-Fetch-Site"] = "same-origin"
            case.headers["Cookie"] = f"{same_site.cookie_name(token)}={COOKIE}"
        seen.add(ask(case, served))

    asks()
    return seen


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_every_answer_to_any_request_is_written_down(operation: Operation, served: Served) -> None:
    seen = statuses(operation, served, GenerationMode.POSITIVE, live=False)
    assert seen <= {200, 403, 404, 415, 400}, seen


@pytest.mark.parametrize("operation", BY_TOKEN, ids=lambda one: one.label)
def test_every_answer_to_a_live_link_is_written_down(operation: Operation, served: Served) -> None:
    seen = statuses(operation, served, GenerationMode.POSITIVE, live=True)
    wanted = {"GET /p/{token}": {200}, "POST /p/{token}": {303, 422}, "GET /p/{token}/done": {303}}
    assert seen == wanted[operation.label]


def test_a_form_against_the_description_is_refused_in_words(served: Served) -> None:
    (post,) = [one for one in BY_TOKEN if one.method == "post"]
    assert statuses(post, served, GenerationMode.NEGATIVE, live=False) <= {400, 403, 404, 405, 415}
