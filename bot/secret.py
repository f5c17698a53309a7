"""Values that must not be seen: passwords and passcodes wholly, login names but for their last two characters.

Python cannot wipe a string from memory; what these classes promise is that no repr, log line, traceback, pickle or
copy shows one by accident, and that a refused one is never sent again (design, promises 1 and 2).
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import NoReturn

_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Marks without width, which come along when a name is copied from a page or a message."""


_FULL_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
"""Latin letters, digits and marks as East Asian keyboards may write them."""


class SpentSecret(Exception):
    """A secret that was already refused was asked for once more."""


class Secret:
    """A password or passcode, exactly as typed: never trimmed, never shown, refused once spent."""

    __slots__ = ("_spent", "_text")

    def __init__(self, text: str) -> None:
        self._text: str | None = text
        self._spent = False

    def reveal(self) -> str:
        """Return the text, for the one place that sends it.

        Raises SpentSecret after spend().
        """
        if self._spent or self._text is None:
            raise SpentSecret
        return self._text

    def spend(self) -> None:
        """Forget the text: it was refused, or it has done its work."""
        self._spent = True
        self._text = None

    @property
    def spent(self) -> bool:
        """True once spend() was called."""
        return self._spent

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret) or self._text is None or other._text is None:
            return False
        return hmac.compare_digest(
            self._text.encode("utf-8", "surrogatepass"), other._text.encode("utf-8", "surrogatepass")
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled or copied")

    def __copy__(self) -> NoReturn:
        raise TypeError("a Secret is not pickled or copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a Secret is not pickled or copied")


def typed_name(text: str) -> str:
    """Return a user name, an address or a code as it was meant: what people paste brings along what nobody sees.

    Marks without width go, blanks around it go, and full-width characters become plain ones. Never for a password.
    """
    return _UNSEEN.sub("", text).translate(_FULL_WIDTH).strip()


def typed_passcode(text: str) -> Secret:
    """Return a passcode as it was meant: apps show "246 802", and some keyboards write full-width digits.

    Blanks and dashes between digits go; a backup code with letters keeps its dashes.
    """
    plain = typed_name(text)
    bare = re.sub(r"[\s\u2010-\u2015-]", "", plain)
    return Secret(bare if bare.isdigit() else plain)


@dataclass(frozen=True, slots=True, repr=False)
class Login:
    """A PACER user name, a CM/ECF login or a client code: shown to its owner, masked to everybody else."""

    text: str

    @property
    def masked(self) -> str:
        """The last two characters behind dots; nothing at all of a name that short."""
        return "••••" + (self.text[-2:] if len(self.text) > 4 else "")

    def same(self, other: str) -> bool:
        """True when `other` is this name, upper and lower case aside, blanks around it aside."""
        return self.text.strip().casefold() == other.strip().casefold()

    def __bool__(self) -> bool:
        return bool(self.text)

    def __repr__(self) -> str:
        return "Login(***)"

    __str__ = __repr__
