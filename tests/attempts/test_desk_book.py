"""The desk beside its book: what is entered before it is told, what others may do, what a lost lease means."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

import pytest

from bot.attempts.attempt import Answered, AttemptId, AttemptView, QuestionNumber
from bot.attempts.book import BookTrouble, MemoryBook, Relayed
from bot.attempts.desk import Desk
from bot.attempts.keeping import TELL_AGAIN_AFTER
from bot.attempts.pace import NoPace
from bot.attempts.running import Bounds
from bot.errors import Code
from bot.linker.values import Answer, Comparison, ConfirmAnswer, ConfirmQuestion, LinkRequest, Result, Step
from bot.people import Person
from tests.attempts.stage import ANN, FakeLinker, HandClock, Script, Shown, Walk, court, form, secrets, settle

GASB = court()
ONE = QuestionNumber(1)


class NotedBook(MemoryBook):
    """A book that writes down what was asked of it, and can be told how to behave."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.permitted: Code | None = None
        self.away: set[str] = set()
        self.ours = True
        self.held: set[AttemptId] | None = None
        self.elsewhere: AttemptView | None = None
        self.mail: list[Relayed] = []
        self.left: list[AttemptView] = []
        self.on = True
        self.renewed: list[AttemptId] = []
        self.stands: AttemptView | None = None

    def _write(self, what: str) -> None:
        if what in self.away:
            raise BookTrouble
        self.said.append(what)

    async def open(self, view: AttemptView, request: LinkRequest) -> AttemptView:
        self._write("open")
        await asyncio.sleep(0)
        return self.elsewhere or view

    async def note(self, view: AttemptView) -> None:
        self._write("note")

    async def permit(self, view: AttemptView, step: Step) -> Code | None:
        self._write("permit")
        return self.permitted

    async def end(self, view: AttemptView) -> bool:
        self._write("end")
        return self.ours

    async def told(self, view: AttemptView) -> None:
        self._write("told")

    async def renew(self, attempts: Collection[AttemptId]) -> Collection[AttemptId]:
        self._write("renew")
        self.renewed = list(attempts)
        return attempts if self.held is None else self.held

    async def still_ours(self, view: AttemptView) -> bool:
        return self.ours

    async def find(self, attempt: AttemptId) -> AttemptView | None:
        return self.stands

    async def orphans(self, ours: Collection[AttemptId]) -> Sequence[AttemptView]:
        self._write("orphans")
        left, self.left = self.left, []
        return left

    async def relay(self, person: Person, attempt: AttemptId, number: QuestionNumber, answer: Answer) -> Answered:
        self._write("relay")
        return Answered.TAKEN

    async def relayed(self, attempts: Collection[AttemptId]) -> Sequence[Relayed]:
        self._write("relayed")
        mail, self.mail = [m for m in self.mail if m.attempt in attempts], []
        return mail

    async def linking(self) -> bool:
        self._write("linking")
        return self.on


class SlowBook(NotedBook):
    """A book whose renewal answers when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked, self.answer = asyncio.Event(), asyncio.Event()

    async def renew(self, attempts: Collection[AttemptId]) -> Collection[AttemptId]:
        self.asked.set()
        await self.answer.wait()
        return list(attempts)


class Told(Shown):
    """A chat that writes its endings into the book's list, so that the order can be seen."""

    def __init__(self, book: NotedBook) -> None:
        super().__init__()
        self.book = book

    async def show(self, view: AttemptView) -> None:
        await super().show(view)
        if view.ended:
            self.book.said.append("shown")


async def submitting(walk: Walk) -> Result:
    """Ask, submit, and be linked."""
    answer = await walk.question(ConfirmQuestion("jroe", "jroe2020", Comparison.AGREE))
    assert isinstance(answer, ConfirmAnswer)
    await walk.step(Step.SUBMIT)
    return walk.end()


def desk_with(book: NotedBook, script: Script = submitting) -> tuple[Desk, Told, HandClock]:
    """A desk over this book."""
    clock, telling = HandClock(), Told(book)
    desk = Desk(FakeLinker(script), clock=clock, pace=NoPace(), telling=telling, book=book, bounds=Bounds())
    return desk, telling, clock


async def begun(desk: Desk) -> AttemptView:
    """An attempt that waits for its press."""
    view = (await desk.start(ANN, form().request(GASB))).view
    await settle()
    return view


async def finished(desk: Desk) -> None:
    """Stop what still runs, and wait for it."""
    await desk.cancel(ANN)
    await desk.drain(60)


async def test_the_submit_is_committed_before_it_goes_and_the_ending_before_it_is_told() -> None:
    """permit, then end, then shown, then told: a crash between any two tells no lie."""
    book = NotedBook()
    desk, _, _ = desk_with(book)
    view = await begun(desk)
    await desk.answer(ANN, view.id, ONE, ConfirmAnswer(True))
    await desk.drain(60)
    order = [what for what in book.said if what in {"open", "permit", "end", "shown", "told"}]
    assert order == ["open", "permit", "end", "shown", "told"]


@pytest.mark.parametrize("code", [Code.INTERRUPTED, Code.LINKING_OFF])
async def test_without_the_permit_nothing_is_submitted(code: Code) -> None:
    """A lease that ran out, or the kill switch, ends the attempt before its final Submit."""
    book = NotedBook()
    book.permitted = code
    desk, telling, _ = desk_with(book)
    view = await begun(desk)
    await desk.answer(ANN, view.id, ONE, ConfirmAnswer(True))
    await desk.drain(60)
    assert telling.views[-1].result is not None
    assert telling.views[-1].result.code is code
    assert not telling.views[-1].submitted


async def test_a_book_that_does_not_answer_at_the_submit_stops_it() -> None:
    """What cannot be committed is not sent."""
    book = NotedBook()
    book.away = {"permit"}
    desk, telling, _ = desk_with(book)
    view = await begun(desk)
    await desk.answer(ANN, view.id, ONE, ConfirmAnswer(True))
    await desk.drain(60)
    assert telling.views[-1].result is not None
    assert telling.views[-1].result.code is Code.INTERRUPTED
    assert not telling.views[-1].submitted


async def test_a_book_that_is_away_starts_nothing_and_spends_nothing() -> None:
    """The person is told, may try again, and a second try is not taken for a double click."""
    book = NotedBook()
    book.away = {"open"}
    desk, _, _ = desk_with(book)
    request = form().request(GASB)
    with pytest.raises(BookTrouble):
        await desk.start(ANN, request)
    assert not any(secret.spent for secret in secrets(request))
    assert desk.running == 0
    book.away = set()
    assert not (await desk.start(ANN, request)).joined
    await finished(desk)


async def test_a_double_click_joins_while_the_book_is_being_written() -> None:
    """Two windows at the same moment are one attempt."""
    book = NotedBook()
    desk, _, _ = desk_with(book)
    one, two = await asyncio.gather(desk.start(ANN, form().request(GASB)), desk.start(ANN, form().request(GASB)))
    assert sorted((one.joined, two.joined)) == [False, True]
    assert one.view.id == two.view.id
    assert book.said.count("open") == 1
    await finished(desk)


async def test_an_attempt_that_runs_elsewhere_is_joined() -> None:
    """The other replica's attempt is the one, and this request's secrets are spent."""
    book = NotedBook()
    desk, _, _ = desk_with(book)
    book.elsewhere = await begun(desk)
    request = form().request(court("almb"))
    opened = await desk.start(ANN, request)
    assert (opened.joined, opened.view.id) == (True, book.elsewhere.id)
    assert all(secret.spent for secret in secrets(request))
    await finished(desk)


async def test_a_lost_lease_ends_the_attempt_and_tells_nobody() -> None:
    """Whoever took it over has told the person; we neither enter nor tell an ending of our own."""
    book = NotedBook()
    book.held = set()
    desk, telling, _ = desk_with(book)
    await begun(desk)
    await desk.round()
    await desk.drain(60)
    assert "end" not in book.said
    assert not any(view.ended for view in telling.views)


async def test_an_attempt_that_starts_during_a_renewal_is_not_lost() -> None:
    """The renewal answers for those it was asked about; who began meanwhile was not among them."""
    book = SlowBook()
    desk, telling, _ = desk_with(book)
    await begun(desk)
    renewing = asyncio.create_task(desk.round())
    await book.asked.wait()
    late = (await desk.start(ANN, form().request(court("almb")))).view
    await settle()
    book.answer.set()
    await renewing
    assert not any(view.ended for view in desk.here(ANN))
    await finished(desk)
    assert any(view.id == late.id and view.ended for view in telling.views)


async def test_a_row_that_somebody_else_has_ended_is_not_told_twice() -> None:
    """The ending that the book refuses is not ours to tell."""
    book = NotedBook()
    book.ours = False
    desk, telling, _ = desk_with(book)
    view = await begun(desk)
    await desk.answer(ANN, view.id, ONE, ConfirmAnswer(False))
    await desk.drain(60)
    assert not any(view.ended for view in telling.views)


async def test_an_ending_is_told_even_while_the_book_is_away_and_entered_later() -> None:
    """The person does not wait for the database."""
    book = NotedBook()
    desk, telling, clock = desk_with(book)
    view = await begun(desk)
    book.away = {"end"}
    await desk.answer(ANN, view.id, ONE, ConfirmAnswer(False))
    await settle()
    assert telling.views[-1].ended
    book.away = set()
    await clock.pass_by(5)
    assert book.said[-2:] == ["end", "told"]


async def test_answers_and_stops_from_other_replicas_arrive() -> None:
    """What another replica took is given to the attempt here; a stop stops it."""
    for mail, code in (({"answer": ConfirmAnswer(True)}, Code.LINKED), ({"stop": True}, Code.STOPPED_BY_PERSON)):
        book = NotedBook()
        desk, telling, _ = desk_with(book)
        view = await begun(desk)
        book.mail = [Relayed(view.id, ONE, **mail)]
        await desk.collect()
        await desk.drain(60)
        assert telling.views[-1].result is not None
        assert telling.views[-1].result.code is code


async def test_what_others_left_behind_is_told_once() -> None:
    """An orphan's ending reaches its person through whoever found it."""
    book = NotedBook()
    desk, telling, _ = desk_with(book)
    view = await begun(desk)
    other = AttemptView(
        AttemptId("other"), view.incident, ANN, GASB, view.started_at, result=Result(Code.INTERRUPTED, view.incident)
    )
    book.left = [other]
    await desk.round()
    await finished(desk)
    assert other in telling.views
    assert "told" in book.said


class Deaf(Told):
    """A chat that takes no ending, and says so when it is let."""

    def __init__(self, book: NotedBook) -> None:
        super().__init__(book)
        self.gives_up = asyncio.Event()

    async def arrived(self, view: AttemptView) -> bool:
        await self.gives_up.wait()
        return False


async def test_an_ending_is_ours_for_as_long_as_it_is_told_and_a_while_after_it_was_refused() -> None:
    """Its lease is renewed, so that nobody else tells it meanwhile, and somebody does as soon as we are dead."""
    book = NotedBook()
    clock, deaf = HandClock(), Deaf(book)
    desk = Desk(FakeLinker(submitting), clock=clock, pace=NoPace(), telling=deaf, book=book, bounds=Bounds())
    view = await begun(desk)
    await desk.answer(ANN, view.id, ONE, ConfirmAnswer(True))
    await settle()
    assert desk.running == 0
    await desk.round()
    assert book.renewed == [view.id]
    deaf.gives_up.set()
    await settle()
    await desk.round()
    assert book.renewed == [view.id]
    await clock.pass_by(TELL_AGAIN_AFTER + 1)
    await desk.round()
    assert book.renewed == []
    assert "told" not in book.said


async def test_the_switch_is_read_each_round_and_kept_when_the_book_is_away() -> None:
    """`link-ecf linking off` reaches every replica; a book that is away changes nothing."""
    book = NotedBook()
    desk, _, _ = desk_with(book)
    book.on = False
    await desk.round()
    assert not desk.linking
    book.away = {"renew"}
    book.on = True
    await desk.round()
    assert not desk.linking
