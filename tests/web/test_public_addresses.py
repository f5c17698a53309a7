"""The bot's own address, as the firm sets it: what no browser could ask for stops the start and says which setting."""

from __future__ import annotations

import pytest

from bot.errors import WrongSetting
from bot.settings import read_settings
from bot.web.same_site import origin_of

WRONG = [
    "https://host:99999",
    "https://host:abc",
    "https://host:-1",
    "https://host:0",
    "https://bo\nt.firm.example",
    "https://bot\t.firm.example",
    "https://b ot",
    "https://b<ot>",
    "https://.",
    "https://bot..firm.example",
    "https://-bot.firm.example",
    "https://bot.firm.example.",
    "https://:pw@bot.firm.example",
    "https://ann@bot.firm.example",
    "https://@bot.firm.example",
    "https://bot.firm.example?",
    "https://bot.firm.example#",
    "https://bot.firm.example/?a=b",
    "https://bot.firm.example\\@evil.example",
    "https://b\u00fccher.example",
    "https://bot\u3002firm.example",
    "https://[::1",
    "https://[2001:db8:0:0:0:0:0:5]",
    "https://[v1.a]",
    "https://[fe80::1%25eth0]",
    f"https://{'a' * 64}.example",
    "https://",
    "https:///p",
    "bot.firm.example",
    "http://bot.firm.example",
    "ftp://bot.firm.example",
]


@pytest.mark.parametrize("address", WRONG)
def test_an_address_that_no_browser_could_ask_for_is_one_line_that_names_it(address: str) -> None:
    with pytest.raises(WrongSetting, match=r"^PUBLIC_URL is wrong: give the https address[^\n]*$") as caught:
        read_settings({"PUBLIC_URL": address})
    assert address.removeprefix("https://") not in str(caught.value) or len(address) < 12


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("https://link.firm.example/", "https://link.firm.example"),
        ("https://LINK.Firm.Example:443", "https://link.firm.example"),
        ("https://link.firm.example:8443", "https://link.firm.example:8443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://10.0.0.5", "https://10.0.0.5"),
        ("https://[2001:db8::5]:8443", "https://[2001:db8::5]:8443"),
        ("https://my_bot.firm.example", "https://my_bot.firm.example"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000"),
    ],
)
def test_an_address_that_can_be_asked_for_has_the_origin_that_a_browser_names(address: str, origin: str) -> None:
    assert origin_of(read_settings({"PUBLIC_URL": address}).public_url) == origin
