"""An attempt as a row and a row as an attempt.

A row never holds an account's name in the clear: of an open question it keeps the kind, how the accounts compare, and
what the court showed as the vault sealed it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.attempts.attempt import AttemptId, AttemptView, OpenQuestion, QuestionNumber
from bot.courts.court import Court
from bot.errors import Code
from bot.linker.values import (
    Comparison,
    ConfirmQuestion,
    IncidentId,
    PasscodeQuestion,
    Question,
    Result,
    Step,
    Told,
)
from bot.people import Person, PersonId, Platform, WorkspaceId
from bot.store import Asked, AttemptRow

Seal = Callable[[ConfirmQuestion], str]
"""Returns what a question shows of both accounts, sealed, as text."""

Opened = Callable[[AttemptRow], tuple[str, str] | None]
"""Returns the filer and the account that a row's open question shows, None where they cannot be had."""

FindCourt = Callable[[str], Court | None]
"""Returns the court with an id; rows outlive court lists, so it may not know it."""


def new_row(view: AttemptView, owner: str, until: datetime) -> AttemptRow:
    """Return the first row of an attempt that `owner` holds until `until`."""
    return AttemptRow(
        id=view.id,
        incident=view.incident,
        platform=view.person.platform.value,
        workspace=view.person.workspace,
        person=view.person.id,
        court=view.court.id,
        owner=owner,
        lease_until=until,
        started_at=view.started_at,
        changed_at=view.started_at,
    )


def told_out(view: AttemptView) -> list[Mapping[str, Any]]:
    """Return what was told, as JSON."""
    return [{"step": told.step.value, "place": told.place} for told in view.told]


def asked_out(opened: OpenQuestion, seal: Seal) -> Asked:
    """Return the open question, as JSON, with the names that it shows sealed."""
    shown: dict[str, Any] = {"kind": opened.question.name}
    if isinstance(opened.question, PasscodeQuestion):
        shown["certain"] = opened.question.certain
    if isinstance(opened.question, ConfirmQuestion):
        shown["comparison"] = opened.question.comparison.value
        shown["sealed"] = seal(opened.question)
    return Asked(opened.number, shown, opened.until)


def evidence_out(result: Result) -> Mapping[str, Any]:
    """Return what proves the result: the menus before and after, and how many requests were made."""
    return {"before": list(result.menu_before), "after": list(result.menu_after), "requests": result.requests}


def person_of(row: AttemptRow) -> Person:
    """Return whose attempt it is."""
    return Person(Platform(row.platform), WorkspaceId(row.workspace), PersonId(row.person))


def view_of(row: AttemptRow, find: FindCourt, opened: Opened = lambda row: None) -> AttemptView | None:
    """Return the attempt that a row holds, None when its court is no longer known.

    Where `opened` has no names, the question says that they are not here.
    """
    court = find(row.court)
    if court is None:
        return None
    return AttemptView(
        id=AttemptId(row.id),
        incident=IncidentId(row.incident),
        person=person_of(row),
        court=court,
        started_at=row.started_at,
        told=tuple(Told(Step(one["step"]), int(one["place"])) for one in row.told),
        open_question=_question(row, opened),
        result=_result(row),
    )


def _question(row: AttemptRow, opened: Opened) -> OpenQuestion | None:
    if row.question is None or row.question_until is None:
        return None
    question: Question = PasscodeQuestion(row.question.get("certain", True) is True)
    if row.question["kind"] == ConfirmQuestion.name:
        names = opened(row)
        question = ConfirmQuestion(*(names or ("", "")), Comparison(row.question["comparison"]), here=names is not None)
    return OpenQuestion(QuestionNumber(row.question_number), question, row.question_until)


def _result(row: AttemptRow) -> Result | None:
    if row.code is None:
        return None
    seen = row.evidence or {}
    return Result(
        code=Code(row.code),
        incident=IncidentId(row.incident),
        detail=row.detail,
        menu_before=tuple(seen.get("before", ())),
        menu_after=tuple(seen.get("after", ())),
        requests=int(seen.get("requests", 0)),
    )
