"""An id of LINK_ECF_ADMINS in another workspace is somebody else: nothing of the firm's dates is theirs to keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.people import PersonId
from bot.sandbox.slack import TEAM
from tests.story.test_other_people import ANNA, AVERY, OTHER_TEAM, Firm, by, confirms, firm, person


def presses(here: Firm) -> dict[str, dict[str, Any]]:
    """Return the forms by which an admin confirms the firm's date, and makes somebody an admin."""
    about = f"0123456789ab|{here.event.id}|{here.event.edition}|golive_confirm"
    who = {"who:0123456789ab": {"who": {"type": "users_select", "selected_user": ANNA}}}
    return {
        "the date": {"callback_id": "golive_step", "private_metadata": about, "state": {"values": {}}},
        "an admin": {"callback_id": "golive_admin_add_form", "private_metadata": "", "state": {"values": who}},
    }


@pytest.mark.parametrize("form", ["the date", "an admin"])
async def test_the_same_id_elsewhere_confirms_no_date_and_makes_no_admin(tmp_path: Path, form: str) -> None:
    async with firm(tmp_path, confirms) as here:
        view = {"id": "V0", "hash": "h", "type": "modal", "blocks": [], **presses(here)[form]}
        before = await here.rows()
        said = await here.send({"type": "view_submission", "view": view, **by(AVERY, OTHER_TEAM)})
        await here.settled()
        assert "Only an admin can do this" in said
        assert await here.rows() == before
        assert AVERY not in json.dumps(said), "nor is anybody named there who could become one"
        await here.send({"type": "view_submission", "view": view, **by(AVERY, TEAM)})
        await here.settled()
        assert await here.rows() != before, "the firm's own admin does both"


async def test_nobody_becomes_an_admin_without_an_id(tmp_path: Path) -> None:
    async with firm(tmp_path, confirms) as here:
        before = await here.rows()
        for who in ("", "not an id", f"{ANNA}:0"):
            state = {"who:0123456789ab": {"who": {"type": "users_select", "selected_user": who}}}
            view = {"id": "V0", "hash": "h", "type": "modal", "blocks": [], "private_metadata": "",
                    "callback_id": "golive_admin_add_form", "state": {"values": state}}  # fmt: skip
            said = await here.send({"type": "view_submission", "view": view, **by(AVERY, TEAM)})
            await here.settled()
            assert "no person of this workspace" in said
        assert (await here.rows())["admins"] == before["admins"]
        dates = here.parts.kept.reminding.dates if here.parts.kept is not None else None
        assert dates is not None
        assert await dates.admins_of(person(AVERY)) == (PersonId(AVERY),)
