"""`link-ecf demo`, as a newcomer runs it: no workspace, no internet, no keys, a transcript and exit code 0."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.fixture(scope="module")
def transcript() -> str:
    """What the demo prints; an environment full of real-looking settings changes nothing about it."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo"],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
        env={"SLACK_BOT_TOKEN": "not-a-token", "LINK_ECF_LINKING": "off", "PATH": "/usr/bin"},
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert done.stderr == ""
    return done.stdout


def _part(transcript: str, start: str, end: str) -> str:
    after = transcript[transcript.index(start) :]
    return " ".join(after[: after.index(end)].split())


def test_guide_gasb_is_walked_step_by_step(transcript: str) -> None:
    """With PACER's sign-on for programs unreachable: page, passcode, redaction, drop-down, both accounts."""
    part = _part(transcript, "1. Guide GASB", "2. Guide ALMB")
    road = [
        "types /link-ecf gasb",
        '"Document Filing System"',
        "cannot be reached, so the sign-on page is used",
        'presses "Enter the passcode"',
        "the notice of redaction responsibility",
        '"Where would you like to go?"',
        '"CM/ECF login" and "CM/ECF password" are sent',
        "harperlane1",
        'presses "These are mine - link them"',
        "the final Submit",
        "Your accounts are linked",
        "press F5",
        "Result: linked, as expected.",
    ]
    places = [part.find(words) for words in road[:-9]] + [part.rfind(words) for words in road[-9:]]
    assert -1 not in places, road[places.index(-1)]
    assert places == sorted(places)


def test_guide_almb_goes_by_the_other_road(transcript: str) -> None:
    """No redaction page, no drop-down; the court by type-ahead, its caution ticked, the link under the 1.1 menu."""
    part = _part(transcript, "2. Guide ALMB", "3. A failure")
    assert '"NextGen Release 1.1 Menu Items" [ecf.almb.uscourts.gov]' in part
    assert 'types "alabama middle bankruptcy"' in part
    assert "ticks: I have read what this court says" in part
    assert "notice of redaction responsibility:" not in part
    assert "Result: linked, as expected." in part


def test_the_wrong_password_is_sent_once_and_explained(transcript: str) -> None:
    """Which password, what was not changed, who to call."""
    part = _part(transcript, "3. A failure", "4. A go-live")
    assert "The court did not accept the CM/ECF login" in part
    assert "Nothing was changed at the court" in part
    assert "334-954-3800" in part
    assert "CM/ECF passwords sent 1, final Submits 0" in part


def test_every_scene_signed_on_once_and_logged_out(transcript: str) -> None:
    """Promise 2, counted by the pretend PACER."""
    flat = " ".join(transcript.split())
    assert flat.count("PACER sign-ons 1,") == 4
    assert flat.count("Skips 0, billable pages 0, requests to other hosts 0, log-outs 1.") == 4


def test_no_password_and_no_passcode_is_printed(transcript: str) -> None:
    """Not even the pretend ones."""
    for secret in ("Pretend-Pacer-Pass", "pretend-ecf", "not-the-password", "246802"):
        assert secret not in transcript


def test_the_notice_of_a_go_live_leads_to_the_link(transcript: str) -> None:
    """A date kept by an admin, a clock set forward, a notice at the opening moment, its button, the form, the link."""
    part = _part(transcript, "4. A go-live", "All four scenes")
    road = [
        "types /ecf-golive set gasb",
        "The date is kept",
        "types /link-ecf watch gasb",
        "You watch Bankr. S.D. Georgia",
        "NextGen go-live in 41 days",
        "9:00 a.m. Eastern Time.",
        "link your accounts now",
        'presses "Link now"',
        "opens the form",
        "the final Submit",
        "Your accounts are linked",
        "Result: linked, as expected.",
    ]
    places = [part.find(words) for words in road[:5]] + [part.rfind(words) for words in road[6:]]
    assert -1 not in places, road
    assert places == sorted(places)
