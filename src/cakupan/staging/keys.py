"""The key under which spellings of a title are equal."""

from __future__ import annotations

import unicodedata


def key(text: str) -> str:
    """Header text without case, accents of width, punctuation and space."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
