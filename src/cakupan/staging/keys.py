"""The key under which spellings of a title are equal."""

from __future__ import annotations

import re
import unicodedata

_OTHERS = re.compile("[^a-z0-9]+")


def key(text: str) -> str:
    """Header text without case, accents of width, punctuation and space."""
    if text.isascii():  # most titles: the same, several times as fast
        return _OTHERS.sub("", text.lower())
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
