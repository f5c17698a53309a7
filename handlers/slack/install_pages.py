"""The few pages that an installer of the bot sees in a browser: words only, no script, nothing of the address in it."""

from __future__ import annotations

from html import escape

from aiohttp import web

from bot.words import Words

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address holds Slack's code
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Strict-Transport-Security": "max-age=63072000",
}


def html_of(shown: Words, link: str = "") -> str:
    """Return the page with these words; their label leads to `link`."""
    paragraphs = "".join(f"<p>{escape(one)}</p>\n" for one in shown.paragraphs)
    onward = f'<p><a href="{escape(link)}">{escape(shown.next_label)}</a></p>\n' if shown.next_label and link else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(shown.title)}</title>\n</head>\n<body>\n<main>\n"
        f"<h1>{escape(shown.title)}</h1>\n{paragraphs}{onward}</main>\n</body>\n</html>\n"
    )


def page(text: str, status: int = 200) -> web.Response:
    """Return the answer that shows `text`, which no cache keeps and no other page can frame."""
    return web.Response(text=text, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)
