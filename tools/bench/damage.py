"""Mistakes that lists of persons contain, made on purpose, for ``make bench-linkage``.

Nothing of the engine is used here: what is a likely mistake is stated anew, so that the
measurement does not repeat the engine's own assumptions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

Random: TypeAlias = np.random.Generator
Row: TypeAlias = dict[str, Any]
Change: TypeAlias = Callable[[Random, str], str]

_KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]
_NEAR = {
    letter: row[max(0, place - 1) : place] + row[place + 1 : place + 2]
    for row in _KEYS
    for place, letter in enumerate(row)
}
_SOUNDS = (
    ("y", "i"), ("i", "y"), ("f", "v"), ("v", "f"), ("ph", "f"), ("dd", "d"),
    ("s", "z"), ("k", "c"), ("c", "k"), ("u", "oe"), ("j", "dj"), ("e", "i"),
    ("nn", "n"), ("a", "o"), ("h", ""), ("kh", "h"), ("sy", "s"), ("o", "u"),
)  # fmt: skip
_VARIANTS = {
    "Muhammad": ("Muh.", "M.", "Moh", "Mohammad", "Mohamad", "Mochamad", "Md"),
    "Ahmad": ("Akhmad", "Achmad", "Ahmat", "A."),
    "Abdul": ("Abd.", "Abd", "Abdoel"),
    "Siti": ("St.", "Sitti", "S."),
    "Noor": ("Nur", "Nor", "Noer"),
}
_TITLES = (", S.Pd", ", SE", ", ST, M.Si", ", A.Md", ", S.Sos.")
_IN_FRONT = ("H. ", "Hj. ", "Drs. ", "Bpk ", "Ibu ")


def typo(random: Random, text: str) -> str:
    """One letter wrong, missing, doubled, beside it on the keyboard, or two swapped."""
    if len(text) < 2:
        return text
    at = int(random.integers(0, len(text) - 1))
    kind = int(random.integers(0, 5))
    if kind == 0:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at] + text[at:]
    near = _NEAR.get(text[at].lower(), "") or "abcdefghijklmnopqrstuvwxyz"
    if kind == 3:
        near = "abcdefghijklmnopqrstuvwxyz"
    return text[:at] + near[int(random.integers(0, len(near)))] + text[at + 1 :]


def misheard(random: Random, text: str) -> str:
    """One sound written another way."""
    usable = [pair for pair in _SOUNDS if pair[0] in text.lower()]
    if not usable:
        return typo(random, text)
    old, new = usable[int(random.integers(0, len(usable)))]
    at = text.lower().index(old)
    return text[:at] + new + text[at + len(old) :]


def name(random: Random, text: str) -> str:
    """A name as somebody else would write it: one change, seldom two."""
    changes: list[Change] = [
        typo, typo, typo, misheard, misheard, _drop, _initial, _swap, _variant,
        _variant, _title, _join, _renamed,
    ]  # fmt: skip
    text = changes[int(random.integers(0, len(changes)))](random, text)
    return typo(random, text) if random.random() < 0.1 else text


def _drop(random: Random, text: str) -> str:
    words = text.split()
    if len(words) < 2:
        return typo(random, text)
    del words[int(random.integers(0, len(words)))]
    return " ".join(words)


def _initial(random: Random, text: str) -> str:
    words = text.split()
    if len(words) < 2:
        return typo(random, text)
    at = int(random.integers(0, len(words)))
    words[at] = words[at][0] + random.choice(["", "."])
    return " ".join(words)


def _swap(random: Random, text: str) -> str:
    words = text.split()
    return " ".join(words[1:] + words[:1]) if len(words) > 1 else typo(random, text)


def _variant(random: Random, text: str) -> str:
    words = text.split()
    for place, word in enumerate(words):
        if word in _VARIANTS:
            words[place] = str(random.choice(_VARIANTS[word]))
            return " ".join(words)
    return misheard(random, text)


def _title(random: Random, text: str) -> str:
    if random.random() < 0.5:
        return str(random.choice(_IN_FRONT)) + text
    return text + str(random.choice(_TITLES))


def _join(random: Random, text: str) -> str:
    words = text.split()
    return "".join(words[:2]) + " " + " ".join(words[2:]) if len(words) > 1 else text


def _renamed(random: Random, text: str) -> str:
    words = text.split()
    words[-1] = str(random.choice(["Sari", "Putra", "Lestari", "Hakim", "Dewi"]))
    return " ".join(words)


def birth_date(random: Random, text: str) -> str | None:
    """An ISO date with day and month swapped, one digit wrong, guessed or missing."""
    year, month, day = text.split("-")
    other_day = f"{int(random.integers(1, 29)):02d}"
    choices: list[str | None] = [
        f"{year}-{day}-{month}" if int(day) <= 12 else f"{year}-{month}-{other_day}",
        f"{year}-{month}-{other_day}",
        f"{year}-{month}-{other_day}",
        f"{int(year) + int(random.choice([-10, -1, 1, 10]))}-{month}-{day}",
        f"{year}-{int(random.integers(1, 13)):02d}-{day}",
        f"{year}-01-01",
        None,
        f"{year}-{month}-{day[1]}{day[0]}" if day[1] in "012" else text,
    ]
    return choices[int(random.integers(0, len(choices)))]


def number(random: Random, text: str) -> str | None:
    """An identity number missing, mistyped, or damaged by a spreadsheet."""
    kind = int(random.integers(0, 6))
    at = int(random.integers(0, len(text) - 1))
    if kind == 0:
        return None
    if kind == 1:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 2:
        return text[:at] + str(int(random.integers(0, 10))) + text[at + 1 :]
    if kind == 3:
        return text[:15] + "0"
    if kind == 4:
        return f"{text[0]}.{text[1:5]}E+15"
    # the person has another number elsewhere
    return text[:6] + "".join(str(d) for d in random.integers(0, 10, 10))
