"""Ready-made scenes: a court, a PACER account and a filer, set up so that a walk takes one road of the two guides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot.sandbox.accounts import PretendAccount, PretendFiler
from bot.sandbox.faults import Fault
from bot.sandbox.profiles import CourtChoice, Landing, UtilitiesRoad
from bot.sandbox.server import Sandbox


@dataclass(frozen=True)
class Scene:
    """What the person of a scene types; `passcode` is None where the account has no MFA."""

    court_id: str
    pacer_username: str
    pacer_password: str = field(repr=False)
    cmecf_login: str
    cmecf_password: str = field(repr=False)
    passcode: str | None = field(default=None, repr=False)


def guide_gasb(sandbox: Sandbox) -> Scene:
    """Set up guide GASB: the JSON API cannot be reached, so the sign-on page is walked, with passcode, redaction notice
    and court drop-down; the link is under "Your Account".

    Raises KeyError when the sandbox does not serve `gasb`.
    """
    scene = Scene("gasb", "harperlane1", "Pretend-Pacer-Pass1!", "hlane", "pretend-ecf-1", "246802")
    _people(sandbox, scene, "Harper Lane", files_elsewhere=True)
    sandbox.sign_on = replace(sandbox.sign_on, faults=sandbox.sign_on.faults | {Fault.API_UNAVAILABLE})
    court = sandbox.court("gasb")
    court.profile = replace(
        court.profile,
        landing=Landing.LINK,
        landing_label="Southern District of Georgia - Document Filing System",
        court_choice=CourtChoice.LISTED,
        road=UtilitiesRoad.YOUR_ACCOUNT,
    )
    return scene


def guide_almb(sandbox: Sandbox) -> Scene:
    """Set up guide ALMB: the JSON API answers (an API_UNAVAILABLE of an earlier scene is taken back), the front page
    says "Login", the link is under "NextGen Release 1.1 Menu Items"; no passcode, no redaction notice.

    Raises KeyError when the sandbox does not serve `almb`.
    """
    scene = Scene("almb", "rowanfield2", "Pretend-Pacer-Pass2!", "rfield", "pretend-ecf-2")
    _people(sandbox, scene, "Rowan Field")
    sandbox.sign_on = replace(sandbox.sign_on, faults=sandbox.sign_on.faults - {Fault.API_UNAVAILABLE})
    court = sandbox.court("almb")
    court.profile = replace(court.profile, landing=Landing.LINK, landing_label="Login", road=UtilitiesRoad.NEXTGEN_MENU)
    return scene


def wrong_cmecf_password(sandbox: Sandbox, court_id: str = "almb") -> Scene:
    """Set up an attorney who mistypes the CM/ECF password: the court refuses, and nothing is linked.

    Raises KeyError when the sandbox does not serve the court.
    """
    scene = Scene(court_id, "quinnmarlow3", "Pretend-Pacer-Pass3!", "qmarlow", "not-the-password")
    _people(sandbox, replace(scene, cmecf_password="pretend-ecf-3"), "Quinn Marlow")
    sandbox.sign_on = replace(sandbox.sign_on, faults=sandbox.sign_on.faults - {Fault.API_UNAVAILABLE})
    return scene


def go_live_gasb(sandbox: Sandbox) -> Scene:
    """Set up an attorney who links at `gasb` on the day it opens: the JSON API answers, no passcode, no drop-down.

    Raises KeyError when the sandbox does not serve `gasb`.
    """
    scene = Scene("gasb", "jordanpike4", "Pretend-Pacer-Pass4!", "jpike", "pretend-ecf-4")
    _people(sandbox, scene, "Jordan Pike")
    sandbox.sign_on = replace(sandbox.sign_on, faults=sandbox.sign_on.faults - {Fault.API_UNAVAILABLE})
    court = sandbox.court("gasb")
    court.profile = replace(court.profile, court_choice=CourtChoice.NOT_ASKED)
    return scene


def _people(sandbox: Sandbox, scene: Scene, person: str, *, files_elsewhere: bool = False) -> None:
    sandbox.add_account(
        PretendAccount(
            scene.pacer_username,
            scene.pacer_password,
            passcode=scene.passcode,
            person=person,
            files_elsewhere=files_elsewhere,
        )
    )
    user_id = 173000 + len(sandbox.court(scene.court_id).filers) + 1
    sandbox.add_filer(
        scene.court_id, PretendFiler(scene.cmecf_login, scene.cmecf_password, person=person, user_id=user_id)
    )
