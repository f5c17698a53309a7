"""The captured pages of real courts, read when they are at hand (they are never part of the project)."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.linker.inspect import inspect

REAL = Path(__file__).parents[2].parent / "shared" / "fixtures"

EXPECTED: dict[str, tuple[str, str, bool | None]] = {
    "auth_currentgen_login_cand.html": ("cand", "CurrentGenLogin", None),
    "cso_redirect_js_ca1_a.html": ("ca1", "SignOnDoor", None),
    "csrf_referer_warning_cafc.html": ("cafc", "RefererWarning", None),
    "error_case_not_found_ned.html": ("ned", "Menu", False),
    "error_no_permission_txwd.html": ("txwd", "Menu", False),
    "http_408_mad.html": ("mad", "Down", None),
    "menu_bankr_filer_alsb.html": ("alsb", "Menu", True),
    "menu_district_filer_mnd.html": ("mnd", "Menu", True),
    "menu_district_filer_njd.html": ("njd", "Menu", True),
    "menu_district_paceronly_nextgen_caed.html": ("caed", "Menu", False),
    "meta_refresh_ca5.html": ("ca5", "Bounce", None),
}


@pytest.mark.skipif(not REAL.is_dir(), reason="the captured pages are not at hand")
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_real_page_is_read_right(name: str) -> None:
    """Class and linked-or-not agree with what the page is known to be (protocol section 2.4)."""
    court, page, linked = EXPECTED[name]
    found = inspect(f"https://ecf.{court}.uscourts.gov/cgi-bin/DktRpt.pl", (REAL / name).read_bytes())
    assert (found["page"], found["linked"]) == (page, linked)


@pytest.mark.skipif(not REAL.is_dir(), reason="the captured pages are not at hand")
def test_the_damaged_partial_answer_still_gives_its_button() -> None:
    """The one public reply of the sign-on page has broken CDATA; its updates are read all the same."""
    found = inspect("", (REAL / "cso_partial_response_chkredact.xml").read_bytes())
    assert "regmsg:bpmConfirm" in str(found["updates"])
