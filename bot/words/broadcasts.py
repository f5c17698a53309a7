"""Every sentence about broadcasts but those of the form. Names and moments come in as the chat says them.

Reasons are phrases that stand after a number, so that they are true of one person and of many.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.courts.court import Court
from bot.reminders.broadcasts.broadcast import Audience, Broadcast, BroadcastState, Progress
from bot.reminders.broadcasts.form import Draft, NotMoved, NotMovedWhy
from bot.reminders.delivery.letter import Why
from bot.words.said import Words, named, sentence

PREVIEW_TITLE = "Preview"
PREVIEW_CLOSE = "Close"
BUTTON_EDIT = "Back to edit"
SEND_SUBMIT = "Send"
SCHEDULE_SUBMIT = "Schedule"
NOTE_CLOSE = "Close"

BUTTON_STOP = "Stop"
BUTTON_CANCEL = "Do not send it"
BUTTON_AGAIN = "Send again to those it did not reach"
BUTTON_COPY = "Write a new one from it"
BUTTON_GO_ON = "Go on writing"

_REASONS: Mapping[Why, str] = MappingProxyType(
    {
        Why.LEFT: "no longer in the workspace",
        Why.NO_DIRECT_MESSAGES: "the bot may not write to them, or is blocked",
        Why.NO_CHANNEL: "the channel is gone, archived, or not visible to the bot",
        Why.NOT_IN_CHANNEL: "the bot is not a member of the channel; type /invite there",
        Why.NOT_INSTALLED: "the bot is not installed in the workspace any more",
        Why.NOT_ALLOWED: "the workspace did not let the bot write for a week; /readyz and `link-ecf doctor` say why",
        Why.REFUSED: "the chat refused the message",
        Why.UNKNOWN_OUTCOME: "the chat never said whether it arrived, and the bot does not send it blindly again",
        Why.LINKED: "linked at this court, as the court has shown or as they say",
        Why.MUTED: "asked to hear nothing of this court",
        Why.SUPERSEDED: "out of date before it was sent",
        Why.STOPPED: "left out, because it was stopped",
        Why.TOO_LATE: "too late to be sent",
    }
)

_STATES: Mapping[BroadcastState, str] = MappingProxyType(
    {
        BroadcastState.DRAFT: "not sent",
        BroadcastState.SCHEDULED: "scheduled",
        BroadcastState.SENDING: "going out",
        BroadcastState.STOPPED: "stopped",
        BroadcastState.DONE: "sent",
    }
)

_TITLES: Mapping[BroadcastState, str] = MappingProxyType(
    {
        BroadcastState.DRAFT: "A broadcast that was not sent",
        BroadcastState.SCHEDULED: "Your broadcast is scheduled",
        BroadcastState.SENDING: "Your broadcast is going out",
        BroadcastState.STOPPED: "Your broadcast was stopped",
        BroadcastState.DONE: "Your broadcast has gone out",
    }
)

_NOT_MOVED: Mapping[NotMovedWhy, str] = MappingProxyType(
    {
        NotMovedWhy.GONE: "The bot knows no such broadcast in this workspace. Nothing was sent.",
        NotMovedWhy.NOBODY: "It would reach nobody now, so nothing was sent. Go back and choose other people.",
        NotMovedWhy.LATE: "The time at which it was to go is past. Nothing was sent: go back and choose another.",
        NotMovedWhy.NONE_FAILED: "Nobody is left whom another try could reach. Nothing was sent.",
    }
)

TROUBLE_TITLE = "The bot cannot reach its records"
TROUBLE = (
    "So it could not do what you asked, or cannot say whether it did. Try again in a few minutes: pressing the same "
    "button again never sends a broadcast twice. /ecf-golive broadcast list shows how it stands. If it lasts, tell "
    "whoever runs the bot's server."
)
LIST_TITLE = "Broadcasts"
LIST_NONE = "No broadcast was sent from this workspace yet. Type /ecf-golive broadcast to write one."
UNSENT = "You wrote this one and did not send it:"
COMMAND_LINE = "the command line of the bot's server"
TEXT_LABEL = "What it says"
SHOWN_AS = "This is how it will look:"
KEPT = "Nothing is sent yet. What you wrote is kept for a week: /ecf-golive broadcast list shows it."
GONE_DRAFT = "What was written there is no longer kept. This form is empty."

STARTED = Words(
    "Your broadcast is going out",
    ("Its progress, and then the report, stand in your direct messages with the bot. You can stop it there.",),
)
STOPPED_WORDS = Words(
    "Stopped",
    ("Nothing more of it is sent. What had left by then has arrived, or is arriving now; it cannot be called back.",),
)
SENT_AGAIN = Words("It goes out again", ("Only to those for whom it failed. Nobody gets it twice.",))


def reason_words(why: str) -> str:
    """Return the phrase for a reason as a letter keeps it; a code of a newer version is said as it is."""
    return _REASONS[Why(why)] if why in {one.value for one in Why} else why.replace("_", " ") or "no reason is known"


def state_words(state: BroadcastState) -> str:
    """Return the state in a word or two."""
    return _STATES[state]


def scheduled_words(when: str) -> Words:
    """Return what is said once a broadcast waits for its time."""
    return Words(
        "Your broadcast is scheduled",
        (
            going_words(when),
            "It stands in your direct messages with the bot; until it goes, you can call it off there.",
        ),
    )


def not_moved_words(refused: NotMoved) -> Words:
    """Return why a press did nothing."""
    if refused.why is not NotMovedWhy.NOT_NOW or refused.broadcast is None:
        return Words("Nothing was sent", (_NOT_MOVED.get(refused.why, _NOT_MOVED[NotMovedWhy.GONE]),))
    stands = state_words(refused.broadcast.state)
    return Words(
        "Nothing was done",
        (
            f"This broadcast is {stands} by now: somebody else was quicker, or the button is an old one.",
            "It was not sent a second time. /ecf-golive broadcast list shows how it stands.",
        ),
    )


def people(count: int) -> str:
    """Return so many people, in words: "1 person", "1,250 people"."""
    return f"{count:,} {'person' if count == 1 else 'people'}"


def audience_words(audience: Audience, court: Court | None, channel: str = "") -> str:
    """Return who it is for, as it stands inside a sentence; `channel` is the channel as the chat names it."""
    if audience.channel:
        return f"the channel {channel or audience.channel}"
    if audience.court is None and not audience.office:
        return "everybody whom the bot knows in this workspace"
    place = (named(court) if court is not None else f"the court {audience.court}") if audience.court else ""
    said = f"people who file at {place}" if place else "people"
    said += f" of the office {audience.office}" if audience.office else ""
    return said + (" and are not linked there" if audience.unlinked_only else "")


def head_count_words(draft: Draft, court: Court | None, channel: str = "") -> str:
    """Return how many it reaches now."""
    audience = draft.broadcast.audience
    whom = audience_words(audience, court, channel)
    if audience.channel:
        return f"One message goes to {whom}, for whoever reads it there."
    if not draft.included:
        return f"Nobody would get it: it is for {whom}, and there is no one to send it to. Nothing is sent."
    return f"{people(draft.included)} will get it as a direct message: {whom}."


def hindrance_words(why: Why) -> str:
    """Return what stands in the way of a channel now."""
    if why is Why.UNKNOWN_OUTCOME:
        return "Slack did not say in time whether the bot may write there. The report will say whether it arrived."
    return f"It would not arrive as things are: {reason_words(why)}. You can mend that before you send it."


def going_words(when: str) -> str:
    """Return when it goes."""
    return f"It goes out on {when}, to whoever is in its audience then."


def to_words(whom: str) -> str:
    """Return whom it is for, as a sentence."""
    return f"To {whom}."


def listed_words(broadcast: Broadcast, when: str, by: str, whom: str) -> str:
    """Return the line of a list: how it stands, since when (or for when), who wrote it, and for whom."""
    stands = sentence(state_words(broadcast.state))
    return f"{stands}: {when}. By {by}, to {whom}."


def skipped_words(count: int, why: str, names: str) -> str:
    """Return how many do not get it, why, and who they are."""
    return f"{people(count)} left out - {reason_words(why)}: {names}"


def names_words(shown: str, left: int, broadcast: Broadcast | None = None) -> str:
    """Return the names that are `shown`, how many more there are, and where they all are."""
    if not left:
        return shown
    everybody = f"; link-ecf broadcast show {broadcast.id} prints them all" if broadcast is not None else ""
    return f"{shown} and {left:,} more{everybody}"


def title_words(progress: Progress) -> str:
    """Return the heading of a broadcast's message."""
    return _TITLES[progress.broadcast.state]


def counts_words(progress: Progress) -> str:
    """Return how far it got, in one sentence or two."""
    if progress.broadcast.state is BroadcastState.SCHEDULED:
        return "Nothing is sent yet."
    sent, waits = progress.count("sent"), progress.count("queued", "sending")
    asked = sent + waits + progress.count("failed", "perhaps")
    if not progress.counts:
        return "Nobody was in its audience when it was to go, or it was stopped before. Nothing was sent."
    if progress.broadcast.audience.channel:
        return "Delivered to the channel." if sent else "On its way." if waits else "It did not reach the channel."
    said = f"Delivered to {sent:,} of {people(asked)}."
    return f"{said} {sentence(people(waits))} still to go." if waits else said


_MISSED: Mapping[str, str] = MappingProxyType(
    {"failed": "Not delivered", "perhaps": "Perhaps delivered", "skipped": "Left out"}
)


def missed_words(state: str, count: int, why: str, names: str) -> str:
    """Return one line of the report: how many, who, and why."""
    return f"{_MISSED.get(state, state)}: {people(count)} - {reason_words(why)}: {names}"


def channel_missed_words(state: str, why: str) -> str:
    """Return why a message to a channel did not arrive, or is not known to have."""
    return f"{_MISSED.get(state, state)} - {reason_words(why)}."


def again_words(progress: Progress) -> str:
    """Return that this was sent more than once; "" the first time."""
    again = progress.broadcast.round - 1
    return "" if not again else f"Sent again to those for whom it had failed, {again} time{'s' if again > 1 else ''}."
