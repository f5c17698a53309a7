"""The partial answers of PrimeFaces, which carry HTML inside XML."""

from __future__ import annotations

from bs4 import BeautifulSoup
from bs4.element import Tag

from bot.linker.document.page import TooLarge


def partial_response(body: bytes) -> tuple[dict[str, str], str | None, list[str]] | None:
    """Read a PrimeFaces partial response: its updates by id, its redirect address, its scripts; None when it is none.

    The updates' CDATA is HTML of its own (protocol section 1.4). A document type is refused: no sign-on page has one.
    """
    head = body[:4096].lower()
    if b"<partial-response" not in head or b"<!doctype" in body.lower() or b"<!entity" in body.lower():
        return None
    if body.count(b"<") > 20_000:
        raise TooLarge("tags")
    soup = BeautifulSoup(body, "xml")
    redirect = soup.find("redirect")
    updates = {str(u.get("id") or ""): u.get_text() for u in soup.find_all("update")}
    scripts = [e.get_text() for e in soup.find_all(["eval", "error"])]
    return updates, str(redirect.get("url") or "") if isinstance(redirect, Tag) else None, scripts
