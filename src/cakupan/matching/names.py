"""A name as tokens that can be compared: titles cut, variants and old spelling read.

Rules (``docs/linkage.md`` says where they come from):

* academic titles are cut after a comma, and only when the whole tail is titles;
* forms of address and religious titles are cut in front (H., Hj., Drs., Bapak …);
  Aji, Andi, Awang, Gusti and Daeng are part of the name;
* bin, binti between two names are left out; apostrophes join (La'ai = Laai);
* Muhammad, Ahmad, Abdul, Siti, Nur in all their spellings are one token each;
* old spelling is read in the order dj→j, tj→c, nj→ny, sj→sy, ch→kh, oe→u. A ``j``
  that stays is never read as ``y``: Joko is not Yoko.

Letters of other scripts stay as they are, so that foreign files compare too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable


def words_of(text: str) -> frozenset[str]:
    """A word list."""
    return frozenset(text.split())


_APOSTROPHES = re.compile("['`´‘’ʼ\u02bb\"]")
_NO_LETTER = re.compile(r"[\W\d_]+")
_IN_FRONT = words_of(
    """
    h hj haji hajjah hajah kh drs dra dr drg ir prof ust ustad ustadz ustadzah
    bapak bpk ibu ny nyonya tn tuan nn nona sdr sdri saudara saudari alm almh mr
    mrs ms miss
    """
)
_TITLES = words_of(
    """
    h hj dr dra drg drs ir prof ns apt lc phd ba sh se st si ssi spd spdi ssos sag
    sap sip skom skep skeb skm skes shut spt sp stp spi ssn shum spsi sfarm sked
    sstp sst str strkeb strkep sei shi sthi sgz ak akt mpd mpdi mh me mm mt msi
    msos mag map mip mkom mkep mkes mhum mpsi mkn mba msc mp mec amd amdkeb amdkep
    amdkom ama amk spog spa spb sgk sth slb mth mmt mkm march sars cn spsi skh skg
    bsc ma
    """
)
_DECEASED = frozenset({"alm", "almh", "almarhum", "almarhumah"})
_PARENT = frozenset({"bin", "binti", "bintu", "bint", "bte", "binte", "ibn", "ibnu"})


def _variants(table: str) -> dict[str, str]:
    found = {}
    for line in table.strip().splitlines():
        to, _, spellings = line.partition(":")
        for spelling in spellings.split():
            found[spelling] = to.strip()
    return found


_VARIANTS = _variants(
    """
    muhammad: md muh moh mhd mohd muhd moch much muchd mochd muhamad mohamad mohammad
    muhammad: mochamad mochammad muchamad muchammad mukhamad mukhammad muhamed mohamed
    muhammad: mohammed muhammed mokhamad mokhammad muhamat mohamat mahmad
    ahmad: achmad akhmad ahmat achmat akhmat achmed ahmed ahmmad
    abdul: abd abdoel abdoul abdull abdu
    siti: sitti st stti
    nur: noor noer nor nurr nour
    """
)
_ABDUR = re.compile(r"^abd(?:oe|u)(rr?|ss?)(?=[aeiou]\w{3})")
_ABDULX = re.compile(r"^abd(?:oe|u)l(?=[bcdfghjkmnpqrstwyz]\w{3})")
_NUR = re.compile(
    r"^no{1,2}e?r(?=(?:ha|hi|ja[nm]|la[iy]|le[il]|sya|fa[ijt]|ai|di[na]|is))"
)
_OLD_SPELLING = (
    ("dj", "j"),
    ("tj", "c"),
    ("nj", "ny"),
    ("sj", "sy"),
    ("ch", "kh"),
    ("oe", "u"),
)


def folded(text: str) -> str:
    """Lower case without accents; compatible characters as their plain ones."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


def modern(token: str) -> str:
    """A token in today's spelling (Soerjadi → Surjadi, Tjipto → Cipto)."""
    for old, new in _OLD_SPELLING:
        token = token.replace(old, new)
    return token


def name_tokens(
    name: str, spelled: Callable[[str], str] = modern, limit: int = 6
) -> tuple[str, ...]:
    """The tokens of a name, in its order.

    Args:
        name: as written, in any script.
        spelled: reads the spelling of one token; the engine passes one that changes
            an old spelling only where the files also hold the new one.
        limit: tokens kept at most, a guard against texts that are no names.

    Returns:
        Tokens; empty when the text holds no letter.
    """
    text = folded(name)
    words = text.split()
    if not (text.isascii() and "".join(words).isalpha()):  # few are
        words = _words(text)
    while len(words) > 1 and words[0] in _IN_FRONT:
        words = words[1:]
    while len(words) > 1 and words[-1] in _DECEASED:
        words = words[:-1]
    if len(words) > 2:
        last = len(words) - 1
        words = [
            word
            for place, word in enumerate(words)
            if not (0 < place < last and word in _PARENT)
        ]
    tokens: list[str] = []
    for word in words:
        tokens.extend(_token(word, spelled))
    return tuple(tokens[:limit])


def _words(text: str) -> list[str]:
    """Words of a folded name that holds more than letters and spaces."""
    text = _APOSTROPHES.sub("", text)
    if "," in text:
        head, _, tail = text.partition(",")
        if head.strip() and _are_titles(tail):
            text = head
    return _NO_LETTER.sub(" ", text).split()


def name_key(name: str) -> str:
    """The tokens joined by spaces, in today's spelling."""
    return " ".join(name_tokens(name))


def _are_titles(tail: str) -> bool:
    squeezed = re.sub(r"\.\s*(?=\w{1,6}\b)", "", tail).replace(".", " ")
    parts = [part for part in re.split(r"[\s,]+", squeezed) if part]
    return bool(parts) and all(part in _TITLES for part in parts)


def _token(word: str, spelled: Callable[[str], str]) -> tuple[str, ...]:
    if word in _VARIANTS:
        return (_VARIANTS[word],)
    if word.startswith("abd"):
        split = _ABDUR.sub(r"abdul \1", word)
        if split == word:
            split = _ABDULX.sub("abdul ", word)
        if split != word:
            first, _, rest = split.partition(" ")
            rest = re.sub(r"^(rr|ss)", lambda found: found[0][0], rest)
            return first, spelled(rest)
    if word.startswith("n"):
        word = _NUR.sub("nur", word)
    return (spelled(word),)


def sound(token: str) -> str:
    """A rough code of how a token sounds: first letter and consonant groups."""
    if not token.isascii():
        return token[:3]
    first = _GROUP.get(token[0], token[0])
    code, last = [first], first
    for letter in token[1:]:
        group = _GROUP.get(letter, "")
        if group and group != last:
            code.append(group)
        last = group or ("" if letter not in "hw" else last)
    return "".join(code[:4])


_GROUP = {
    letter: group
    for group, letters in {
        "b": "bp",
        "f": "fv",
        "k": "ckqgx",
        "s": "szj",
        "d": "dt",
        "l": "l",
        "m": "mn",
        "r": "r",
    }.items()
    for letter in letters
}
