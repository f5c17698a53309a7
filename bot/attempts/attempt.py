"""An attempt as the rest of the bot sees it: a value that is replaced at every change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.courts.court import Court
from bot.linker.values import SENT_ONCE, IncidentId, Question, Result, Step, Told
from bot.people import Person

AttemptId = NewType("AttemptId", str)
"""Opaque, unguessable, safe in a button's value or in private_metadata: by itself it says and grants nothing."""

QuestionNumber = NewType("QuestionNumber", int)
"""The n-th question of an attempt, from 1, so that an answer to an older question is told apart."""


class Answered(StrEnum):
    """What became of an answer."""

    TAKEN = "taken"
    ALREADY_ANSWERED = "already_answered"
    TOO_LATE = "too_late"
    NOT_YOURS = "not_yours"
    PASSCODE_SHAPE = "passcode_shape"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question that waits for the person, until `until` (aware, UTC)."""

    number: QuestionNumber
    question: Question
    until: datetime


@dataclass(frozen=True, slots=True)
class AttemptView:
    """One attempt at one moment: what was told so far, the open question if any, the result once it has ended.

    Holds no secret and no login, except that an open ConfirmQuestion carries the two account names as the court shows
    them, for the person's own eyes.
    """

    id: AttemptId
    incident: IncidentId
    person: Person
    court: Court
    started_at: datetime
    told: tuple[Told, ...] = ()
    open_question: OpenQuestion | None = None
    result: Result | None = None

    @property
    def ended(self) -> bool:
        """True once there is a result."""
        return self.result is not None

    @property
    def submitted(self) -> bool:
        """True while what may link the accounts is out: the attempt cannot be stopped then (design, promise 4).

        It is out from the link form to the page that shows both accounts, and from the final Submit to the end.
        """
        out = False
        for told in self.told:
            out = told.step in SENT_ONCE or (out and told.step is not Step.VERIFY)
        return out
