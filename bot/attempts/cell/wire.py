"""The values of an attempt as plain objects and back, one pair of functions a type.

What comes from the child is read with distrust: it has read a court's pages. Secrets go one way only, to the child,
and only in two of these objects: the request and the answer to the passcode question.
"""

from __future__ import annotations

from enum import StrEnum

from bot.attempts.cell.court_wire import court_in, court_out
from bot.attempts.cell.frames import Frame, Nonsense, choice, flag, number, part, text, texts
from bot.errors import Code
from bot.linker.values import (
    Account,
    Answer,
    Comparison,
    ConfirmAnswer,
    ConfirmQuestion,
    Filer,
    IncidentId,
    LinkRequest,
    NoPasscode,
    PasscodeAnswer,
    PasscodeQuestion,
    Question,
    Result,
    Step,
    Told,
)
from bot.secret import Login, Secret

MENU_LABELS, LABEL_CHARACTERS, SHOWN_CHARACTERS, DETAIL_CHARACTERS = 60, 120, 500, 200
"""What a result and a question may hold at most; what a court shows beyond that is cut off by the child."""


class Said(StrEnum):
    """The kinds of frames: six from the child, five from its owner."""

    TELL = "tell"
    ASK = "ask"
    LEAVE = "leave"
    RESULT = "result"
    STOPPED = "stopped"
    FAILED = "failed"

    REQUEST = "request"
    ANSWER = "answer"
    GRANTED = "granted"
    GO = "go"
    STOP = "stop"


def request_out(request: LinkRequest, incident: IncidentId) -> dict[str, object]:
    """Return the request with its secrets revealed: for the pipe to the child, and nothing else.

    Raises SpentSecret for a request that was sent before.
    """
    return {
        "kind": Said.REQUEST,
        "incident": incident,
        "court": court_out(request.court),
        "username": request.account.username.text,
        "pacer_password": request.account.password.reveal(),
        "client_code": request.account.client_code.text,
        "login": request.filer.login.text,
        "ecf_password": request.filer.password.reveal(),
        "passcode": request.passcode.reveal() if request.passcode is not None else None,
        "redaction": request.redaction_acknowledged,
        "individual": request.individual_account,
    }


def request_in(frame: Frame) -> tuple[LinkRequest, IncidentId]:
    """Return the request and its incident. Raises Nonsense."""
    if frame.get("kind") != Said.REQUEST:
        raise Nonsense
    typed = {key: text(frame, key, 20_000) for key in ("username", "pacer_password", "client_code", "ecf_password")}
    request = LinkRequest(
        court=court_in(part(frame, "court")),
        account=Account(Login(typed["username"]), Secret(typed["pacer_password"]), Login(typed["client_code"])),
        filer=Filer(Login(text(frame, "login", 20_000)), Secret(typed["ecf_password"])),
        passcode=None if frame.get("passcode") is None else Secret(text(frame, "passcode", 20_000)),
        redaction_acknowledged=flag(frame, "redaction"),
        individual_account=flag(frame, "individual"),
    )
    return request, IncidentId(text(frame, "incident"))


def told_out(told: Told) -> dict[str, object]:
    """Return a step as an object."""
    return {"kind": Said.TELL, "step": told.step.value, "place": told.place}


def told_in(frame: Frame) -> Told:
    """Return a step. Raises Nonsense."""
    return Told(choice(frame, "step", Step), number(frame, "place"))


def question_out(question: Question) -> dict[str, object]:
    """Return a question as an object."""
    if isinstance(question, PasscodeQuestion):
        return {"kind": Said.ASK, "question": PasscodeQuestion.name, "certain": question.certain}
    return {
        "kind": Said.ASK,
        "question": ConfirmQuestion.name,
        "filer_shown": _cut(question.filer_shown, SHOWN_CHARACTERS),
        "account_shown": _cut(question.account_shown, SHOWN_CHARACTERS),
        "comparison": question.comparison.value,
    }


def question_in(frame: Frame) -> Question:
    """Return a question. Raises Nonsense."""
    match text(frame, "question"):
        case PasscodeQuestion.name:
            return PasscodeQuestion(flag(frame, "certain"))
        case ConfirmQuestion.name:
            return ConfirmQuestion(
                text(frame, "filer_shown", SHOWN_CHARACTERS),
                text(frame, "account_shown", SHOWN_CHARACTERS),
                choice(frame, "comparison", Comparison),
            )
    raise Nonsense


def answer_out(answer: Answer) -> dict[str, object]:
    """Return an answer as an object, a passcode revealed: for the pipe to the child, and nothing else."""
    match answer:
        case None:
            return {"kind": Said.ANSWER, "answer": "none"}
        case NoPasscode():
            return {"kind": Said.ANSWER, "answer": "no_passcode"}
        case PasscodeAnswer(passcode):
            return {"kind": Said.ANSWER, "answer": "passcode", "passcode": passcode.reveal()}
        case ConfirmAnswer(link):
            return {"kind": Said.ANSWER, "answer": "confirm", "link": link}


def answer_in(frame: Frame) -> Answer:
    """Return an answer. Raises Nonsense."""
    match text(frame, "answer"):
        case "none":
            return None
        case "no_passcode":
            return NoPasscode()
        case "passcode":
            return PasscodeAnswer(Secret(text(frame, "passcode", 20_000)))
        case "confirm":
            return ConfirmAnswer(flag(frame, "link"))
    raise Nonsense


def result_out(result: Result) -> dict[str, object]:
    """Return a result as an object; the incident stays behind, because its owner knows it."""
    return {
        "kind": Said.RESULT,
        "code": result.code.value,
        "detail": _cut(result.detail, DETAIL_CHARACTERS),
        "menu_before": [_cut(label, LABEL_CHARACTERS) for label in result.menu_before[:MENU_LABELS]],
        "menu_after": [_cut(label, LABEL_CHARACTERS) for label in result.menu_after[:MENU_LABELS]],
        "requests": result.requests,
    }


def result_in(frame: Frame, incident: IncidentId) -> Result:
    """Return a result as that of `incident`, whatever the child calls it. Raises Nonsense."""
    return Result(
        code=choice(frame, "code", Code),
        incident=incident,
        detail=text(frame, "detail", DETAIL_CHARACTERS),
        menu_before=texts(frame, "menu_before", most=MENU_LABELS, longest=LABEL_CHARACTERS),
        menu_after=texts(frame, "menu_after", most=MENU_LABELS, longest=LABEL_CHARACTERS),
        requests=number(frame, "requests"),
    )


def _cut(shown: str, most: int) -> str:
    return shown if len(shown) <= most else shown[: most - 3] + "..."
