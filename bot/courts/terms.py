"""The words a court goes by, and how a person's text is cut into words that can be compared with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from bot.courts.court import Court, CourtKind

LONGEST = 200
"""Characters of a text that count: twice the longest name of a court."""

MOST_WORDS = 12
"""Words of a text that count."""

_FILLER = frozenset({"of", "the", "for", "and", "court", "courts", "united", "states", "us"})
_SPACED_INITIALS = re.compile(r"\b([nsewmc])\.\s+d\.")
_INITIALS = re.compile(r"(?:\b[a-z]\.){2,}")
_DISTRICT_COURT = re.compile(r"\bdistrict\s+court\b")
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHES = str.maketrans("", "", "'\u2019")


def spelled(text: str) -> list[str]:
    """Cut `text` into lower-case words: accents off, initials joined (S.D.N.Y. is sdny), everything else a gap."""
    plain = unicodedata.normalize("NFKD", text[:LONGEST]).encode("ascii", "ignore").decode("ascii").lower()
    plain = _SPACED_INITIALS.sub(r"\1d ", plain.translate(_APOSTROPHES))
    plain = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", plain)
    return _WORD.findall(plain)


def asked(text: str) -> Sequence[str]:
    """Return the words of a person's text that tell courts apart, each once, at most MOST_WORDS of them."""
    words = spelled(_DISTRICT_COURT.sub("usdc", text[:LONGEST].lower()))
    return [word for word in dict.fromkeys(words) if word not in _FILLER][:MOST_WORDS]


_KIND_WORDS: Mapping[CourtKind, Sequence[str]] = {
    CourtKind.BANKRUPTCY: ("bankruptcy", "bankr", "bkr", "bk", "usbc"),
    CourtKind.DISTRICT: ("usdc", "civil", "criminal"),
    CourtKind.APPELLATE: ("appeals", "appellate", "circuit", "cir"),
    CourtKind.NATIONAL: ("national",),
}

_CIRCUITS: Mapping[str, Sequence[str]] = {
    f"{number:02}": (ordinal, str(number), word)
    for number, (ordinal, word) in enumerate(
        (
            ("1st", "first"),
            ("2nd", "second"),
            ("3rd", "third"),
            ("4th", "fourth"),
            ("5th", "fifth"),
            ("6th", "sixth"),
            ("7th", "seventh"),
            ("8th", "eighth"),
            ("9th", "ninth"),
            ("10th", "tenth"),
            ("11th", "eleventh"),
        ),
        start=1,
    )
}

_STATES: Mapping[str, str] = {
    "Alabama": "al ala", "Alaska": "ak", "Arizona": "az ariz", "Arkansas": "ar ark", "California": "ca cal calif",
    "Colorado": "co colo", "Connecticut": "ct conn", "Delaware": "de del", "District of Columbia": "dc",
    "Florida": "fl fla", "Georgia": "ga", "Guam": "gu", "Hawaii": "hi haw", "Idaho": "id", "Illinois": "il ill",
    "Indiana": "in ind", "Iowa": "ia", "Kansas": "ks kan", "Kentucky": "ky", "Louisiana": "la", "Maine": "me",
    "Maryland": "md", "Massachusetts": "ma mass", "Michigan": "mi mich", "Minnesota": "mn minn",
    "Mississippi": "ms miss", "Missouri": "mo", "Montana": "mt mont", "Nebraska": "ne neb nebr", "Nevada": "nv nev",
    "New Hampshire": "nh", "New Jersey": "nj", "New Mexico": "nm", "New York": "ny", "North Carolina": "nc",
    "North Dakota": "nd", "Northern Mariana Islands": "mp nmi cnmi", "Ohio": "oh", "Oklahoma": "ok okla",
    "Oregon": "or ore", "Pennsylvania": "pa penn", "Puerto Rico": "pr", "Rhode Island": "ri", "South Carolina": "sc",
    "South Dakota": "sd", "Tennessee": "tn tenn", "Texas": "tx tex", "Utah": "ut", "Vermont": "vt",
    "Virgin Islands": "vi usvi", "Virginia": "va", "Washington": "wa wash", "West Virginia": "wv wva",
    "Wisconsin": "wi wis wisc", "Wyoming": "wy wyo",
}  # fmt: skip
"""Postal and Bluebook abbreviations by state."""

_ID, _PLACE, _ABBREVIATION, _CITY, _FAINT = 12.0, 3.0, 2.0, 1.5, 0.5
"""How much a word of each sort says about which court is meant."""


def terms(court: Court) -> Mapping[str, float]:
    """Return the words that `court` may be asked for by, each with how much it says."""
    found: dict[str, float] = {}
    for word, weight in _weighed(court):
        found[word] = max(weight, found.get(word, 0.0))
    return found


def _weighed(court: Court) -> Iterator[tuple[str, float]]:
    yield court.id, _ID
    if court.pacer_id:
        yield court.pacer_id.lower(), _ID
    for word in _KIND_WORDS[court.kind]:
        yield word, _PLACE
    for word in spelled(court.name):
        yield word, _FAINT if word == "district" and court.kind is not CourtKind.DISTRICT else _PLACE
    for word in spelled(court.short_name):
        yield word, _ABBREVIATION
    for city in court.cities:
        for word in spelled(city):
            yield word, _CITY
    if court.kind is CourtKind.APPELLATE:
        for word in _CIRCUITS.get(court.circuit, ()):
            yield word, _PLACE
    elif court.kind is not CourtKind.NATIONAL:
        yield from _of_the_state(court)


def _of_the_state(court: Court) -> Iterator[tuple[str, float]]:
    # "sdny", "edpa", "ndcal": the direction's initials run together with each abbreviation of the state.
    initials = [word for word in spelled(court.short_name) if re.fullmatch(r"[nsewmc]?d", word)]
    for abbreviation in _STATES[court.state].split():
        yield abbreviation, _PLACE
        for direction in initials:
            yield direction + abbreviation, _PLACE
    if court.state == "West Virginia":
        yield "va", _FAINT  # "S.D. W. Va."
