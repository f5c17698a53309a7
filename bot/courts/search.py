"""Finding a court from the words a person typed: exact words first, then beginnings of words, then one letter wrong."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from bot.courts.court import Court
from bot.courts.terms import LONGEST, asked, spelled, terms

_SHORTEST_TYPO = 4
_PREFIX, _TYPO = 0.5, 0.4
_WHOLE_CITY = 1.0
_ADDRESS = re.compile(r"\s*https?://([^/\s]*)\S*", re.IGNORECASE)


class Index:
    """The words of all courts, prepared once; courts are told apart by their place in the list that was given.

    A search looks only at words that share a beginning, or all letters but one, with a word of the text: its work is
    bounded by the words a court has, never by what was typed.
    """

    def __init__(self, courts: Sequence[Court]) -> None:
        self._courts = courts
        self._names = [_key(court.name) for court in courts]
        self._postings: dict[str, list[tuple[int, float]]] = {}
        self._named: dict[str, int] = {}
        self._cities: dict[str, set[int]] = {}
        for place, court in enumerate(courts):
            for word, weight in terms(court).items():
                self._postings.setdefault(word, []).append((place, weight))
            for name in (court.short_name, court.name, court.host, court.pacer_id, court.id):
                self._named[_key(name)] = place
            for city in court.cities:
                self._cities.setdefault(_key(city), set()).add(place)
        self._named.pop("", None)
        for place, court in enumerate(courts):  # an id always means its own court, even where two share a host
            self._named[_key(court.id)] = place
        self._words = sorted(self._postings)
        # Tuples, because most have one word: as sets they are a megabyte more, in every replica.
        self._short_of_one: dict[str, tuple[str, ...]] = {}
        for word in self._words:
            for shorter in set(_one_less(word)):
                self._short_of_one[shorter] = (*self._short_of_one.get(shorter, ()), word)

    def search(self, text: str) -> Sequence[int]:
        """Return the places of the courts that fit the most words of `text`, best first; none if no word fits."""
        key = _key(text)
        named = [self._named[key]] if key in self._named else []
        # A full name on its way: "United States Ba" has no word yet that tells courts apart.
        begun = [place for place, name in enumerate(self._names) if len(key) > 2 and name.startswith(key)]
        return list(dict.fromkeys((*named, *begun, *(place for place, _ in self._fitting(text)))))

    def plainly(self, text: str) -> int | None:
        """Return the place of the only court that fits every word of `text` as it is spelled, else None."""
        named = self._named.get(_key(text))
        if named is not None:
            return named
        words = len(asked(text))
        fitting = [fit for _, fit in self._fitting(text) if fit.words == words]
        for wanted in ([fit for fit in fitting if fit.exact == words], [fit for fit in fitting if not fit.typos]):
            if wanted:
                return wanted[0].place if len(wanted) == 1 else None
        return None

    def _fitting(self, text: str) -> Sequence[tuple[int, _Fit]]:
        fits: dict[int, _Fit] = {}
        for word in asked(text):
            for place, (gain, quality) in self._gains(word).items():
                fits.setdefault(place, _Fit(place)).add(gain, quality)
        most = max((fit.words for fit in fits.values()), default=0)
        for place in self._cities.get(_key(text), ()):  # "St. Louis" is not East St. Louis
            if place in fits:
                fits[place].score += _WHOLE_CITY
        best = [(place, fit) for place, fit in fits.items() if fit.words == most]
        return sorted(best, key=self._rank)

    def _rank(self, found: tuple[int, _Fit]) -> tuple[float, bool, int, int]:
        place, fit = found
        court = self._courts[place]
        # Of two that fit alike the one with the shorter name is meant: "Virginia" is not West Virginia.
        return -fit.score, court.unlinkable is not None, len(court.short_name.split()), place

    def _gains(self, word: str) -> Mapping[int, tuple[float, float]]:
        """Return what `word` says for each court it fits: how much, and how exactly (1.0 is the word itself)."""
        gains: dict[int, tuple[float, float]] = {}
        for known, quality in self._known(word):
            for place, weight in self._postings[known]:
                gain = (weight * quality, quality)
                if place not in gains or gain > gains[place]:
                    gains[place] = gain
        return gains

    def _known(self, word: str) -> Iterator[tuple[str, float]]:
        start = bisect_left(self._words, word)
        beginning = list(takewhile(lambda known: known.startswith(word), self._words[start:]))
        for known in beginning:
            yield known, 1.0 if known == word else _PREFIX * (1.0 + len(word) / len(known)) / 2
        if not beginning and len(word) >= _SHORTEST_TYPO:
            near = {other for shorter in _one_less(word) for other in self._short_of_one.get(shorter, ())}
            for known in sorted(near):
                yield known, _TYPO


class _Fit:
    """How one court fits the words of a text so far."""

    __slots__ = ("exact", "place", "score", "typos", "words")

    def __init__(self, place: int) -> None:
        self.place = place
        self.words = self.exact = self.typos = 0
        self.score = 0.0

    def add(self, gain: float, quality: float) -> None:
        """Count one more word of the text that fits."""
        self.words += 1
        self.exact += quality == 1.0
        self.typos += quality == _TYPO
        self.score += gain


def _key(text: str) -> str:
    """Make "GASB", "gasb " and "https://ecf.gasb.uscourts.gov/" comparable with the names of a court."""
    address = _ADDRESS.fullmatch(text[:LONGEST])
    return " ".join(spelled(address[1] if address else text))


def _one_less(word: str) -> Iterator[str]:
    """Yield `word` and `word` without each of its letters: two words one slip apart have one of these in common."""
    yield word
    for gap in range(len(word)):
        yield word[:gap] + word[gap + 1 :]
