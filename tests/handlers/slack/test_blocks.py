"""Block Kit from values: within every limit, and obeying nothing that a person or a court wrote."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.attempts.form import Field, Flaw
from bot.sandbox.slack_rules import message_faults, option_faults, view_faults
from bot.words.form import flaw_words
from handlers.slack.blocks import (
    Button,
    buttons,
    escape,
    exact,
    links,
    modal,
    mrkdwn,
    note,
    option,
    section,
    text_input,
)
from handlers.slack.client import may_answer_at

TEXT = st.text(max_size=5000)


@given(TEXT, st.lists(TEXT, max_size=60), TEXT, TEXT)
def test_a_note_of_any_words_is_a_message(title: str, paragraphs: list[str], label: str, value: str) -> None:
    said = note(title, paragraphs, Button(label, "act", value))
    assert message_faults(said.text or "-", list(said.blocks)) == []


@given(TEXT, TEXT, TEXT)
def test_a_form_of_any_words_is_a_view(title: str, label: str, hint: str) -> None:
    view = modal(title, "callback", [section(label), text_input("b", "a", label, hint=hint)], close="x", submit="Send")
    assert view_faults(view) == []


@given(TEXT)
def test_nothing_in_a_text_is_obeyed_and_no_entity_is_cut(text: str) -> None:
    shown = mrkdwn(text)["text"]
    assert len(shown) <= 3000
    assert "<" not in shown
    assert ">" not in shown
    assert shown.count("&") == shown.count("&amp;") + shown.count("&lt;") + shown.count("&gt;")


def test_escaping_is_slacks_and_links_are_ours() -> None:
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"
    assert (
        links([("A & B", "https://x.gov/?a=1&b=2")])["elements"][0]["text"] == "<https://x.gov/?a=1&amp;b=2|A &amp; B>"
    )
    assert exact("Account", "<b>*x*")["text"] == {"type": "plain_text", "text": "Account:\n<b>*x*", "emoji": False}


@given(TEXT, st.text(min_size=1, max_size=100), TEXT)
def test_a_choice_of_any_words_is_a_choice(text: str, value: str, description: str) -> None:
    assert list(option_faults(option(text, value, description))) == []


def test_a_button_without_a_style_has_none() -> None:
    [plain] = buttons("b", Button("Stop", "stop", "v"))["elements"]
    assert "style" not in plain


def test_every_flaw_of_every_field_has_words_that_say_what_to_do() -> None:
    for field in Field:
        for flaw in Flaw:
            words = flaw_words(field, flaw)
            assert words.endswith(".")
            assert len(words) > 15


def test_an_answer_goes_to_slack_and_nowhere_else() -> None:
    api = "https://slack.com/api/"
    assert may_answer_at("https://hooks.slack.com/commands/T1/1/x", api)
    for url in (
        "http://hooks.slack.com/commands/T1/1/x",
        "https://hooks.slack.com.example.com/x",
        "https://example.com/hooks.slack.com",
        "https://slack.com@example.com/",
        "http://127.0.0.1:1/hooks/x",
        "",
        "javascript:x",
    ):
        assert not may_answer_at(url, api), url
    assert may_answer_at("http://127.0.0.1:9/hooks/x", "http://127.0.0.1:9/api/")
    assert not may_answer_at("https://hooks.slack.com/x", "http://127.0.0.1:9/api/")
