"""The verify page's two names are read in every layout anybody can think of, and compared with care."""

from __future__ import annotations

import pytest
from yarl import URL

from bot.linker.accounts import Shown, compare, shown_accounts
from bot.linker.document import Document
from bot.linker.values import Comparison
from bot.secret import Login

AT = URL("https://ecf.gasb.uscourts.gov/cgi-bin/x.pl")


@pytest.mark.parametrize(
    ("html", "filer", "account"),
    [
        ("<td>CM/ECF account:</td><td>jroe</td><td>PACER account:</td><td>jroe2020</td>", "jroe", "jroe2020"),
        ("<p>CM/ECF login: jroe<p>PACER username: jroe2020", "jroe", "jroe2020"),
        ("<p><b>CM/ECF</b> account jroe</p><p><b>PACER</b> account jroe2020</p>", "jroe", "jroe2020"),
        (
            "<p>CM/ECF Account: Roe, Jane (jroe)<p>PACER Account: Roe, Jane (jroe2020)",
            "Roe, Jane (jroe)",
            "Roe, Jane (jroe2020)",
        ),
        (
            "<label>CM/ECF login</label><input readonly value=jroe><p>PACER login <input readonly value=jroe2020>",
            "jroe",
            "jroe2020",
        ),
        ("<p>CM/ECF account jroe will be linked to PACER account jroe2020.", "jroe", "jroe2020"),
        ("<h3>Link a CM/ECF account to my PACER account</h3><p>Verify that they are accurate.", "", ""),
        ("<p>Please verify the CM/ECF and PACER accounts listed.", "", ""),
    ],
)
def test_names_are_read(html: str, filer: str, account: str) -> None:
    """Labels, tables, fields, sentences; a heading or a request is no name."""
    shown = shown_accounts(Document(AT, html))
    assert (shown.filer, shown.account) == (filer, account)


@pytest.mark.parametrize(
    ("shown", "comparison"),
    [
        (Shown("jroe", "jroe2020"), Comparison.AGREE),
        (Shown("JROE", "JRoe2020 (Jane Roe)"), Comparison.AGREE),
        (Shown("", "jroe2020"), Comparison.AGREE),
        (Shown("Jane Roe", "jroe2020"), Comparison.AGREE),
        (Shown("jroe", "jdoe2020"), Comparison.DIFFER),
        (Shown("jroe", "jdoe2020 (Jane Roe)"), Comparison.DIFFER),
        (Shown("jdoe", "jroe2020"), Comparison.DIFFER),
        (Shown("jroe", "firmaccount"), Comparison.DIFFER),
        (Shown("jroe", "Jane Q. Roe"), Comparison.UNCLEAR),
        (Shown("jroe", "1234567"), Comparison.UNCLEAR),
        (Shown("jroe", ""), Comparison.UNCLEAR),
        (Shown("", ""), Comparison.UNCLEAR),
        (Shown("jroe", "Verify", certain=False), Comparison.UNCLEAR),
        (Shown("jroe", "jdoe2020", certain=False), Comparison.DIFFER),
    ],
)
def test_names_are_compared(shown: Shown, comparison: Comparison) -> None:
    """Only an equal PACER name agrees; what is not plainly another name cannot be compared."""
    assert compare(shown, Login("jroe"), Login("jroe2020")) is comparison
