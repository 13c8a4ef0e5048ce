"""Two person files as arrays of codes that compare fast.

Every distinct value of a field gets one code for both files; -1 is a missing value.
Rows are in the order of their ids, so that the order of a file changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cakupan.matching import names, values
from cakupan.matching.columns import FIELDS

Array: TypeAlias = np.ndarray[Any, Any]
NAME_WIDTH = 6
NIK_DIGITS = 16
_LEAST_NUMBERS, _NEARLY_ALL = 20, 0.9


@dataclass(frozen=True, slots=True)
class Field:
    """One field of both files.

    Attributes:
        vocabulary: distinct comparable values, as an array of ``str`` objects.
        left: code per row of the left file, -1 missing.
        right: code per row of the right file.
        is_rounded: whether a file has lost the last digit of its NIKs, which is then
            left out on both sides: equal values may be numbers one edit apart.
    """

    vocabulary: Array
    left: Array
    right: Array
    is_rounded: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """The names of both files.

    Attributes:
        tokens: distinct tokens, as an array of ``str`` objects.
        sounds: code of the rough sound of each token.
        rows: token codes per distinct name, shape (names, NAME_WIDTH), -1 beyond.
        joined: the tokens of each distinct name without spaces.
        sorted_key: code of the set of tokens of each distinct name.
        left: index into ``rows`` per row of the left file, -1 missing.
        right: the same of the right file.
    """

    tokens: Array
    sounds: Array
    rows: Array
    joined: Array
    sorted_key: Array
    left: Array
    right: Array


@dataclass(frozen=True, slots=True)
class People:
    """Two files ready to be compared; in a search for duplicates both are the same.

    Attributes:
        left_ids: ids of the left file, ascending.
        right_ids: ids of the right file.
        fields: by name of the field; names are apart.
        names: None when one of the files has no names.
        is_dedupe: whether both sides are one file.
    """

    left_ids: Array
    right_ids: Array
    fields: dict[str, Field]
    names: Names | None
    is_dedupe: bool

    @property
    def sizes(self) -> tuple[int, int]:
        """Rows of the left and of the right file."""
        return len(self.left_ids), len(self.right_ids)


@dataclass(frozen=True, slots=True)
class Rows:
    """One file with one row per id, in the order of the ids.

    Attributes:
        table: text columns ``id`` and the fields.
        received: rows of the file.
        without_id: rows left out for want of an id.
        repeated: exact copies of another row, folded into it.
        ambiguous: rows left out because rows that differ share their id.
    """

    table: pa.Table
    received: int
    without_id: int
    repeated: int
    ambiguous: int


def one_row_per_id(table: pa.Table) -> Rows:
    """Order a file by id; copies are folded, contradictions left out."""
    received = table.num_rows
    if table.column("id").null_count:
        table = table.filter(pc.is_valid(table.column("id")))
    with_id = table.num_rows
    ids = table.column("id").combine_chunks()
    if pc.all(pc.less(ids[:-1], ids[1:])).as_py():  # as the month gives them
        return Rows(table, received, received - with_id, 0, 0)
    columns = table.column_names
    folded = table.group_by(columns, use_threads=False).aggregate([])
    folded = folded.select(columns).sort_by("id")
    ids = folded.column("id").combine_chunks()
    same = np.zeros(len(ids), dtype=bool)
    if len(ids) > 1:
        equal = pc.equal(ids[1:], ids[:-1]).to_numpy(zero_copy_only=False)
        same[1:] |= equal
        same[:-1] |= equal
    return Rows(
        folded.filter(pa.array(~same)),
        received=received,
        without_id=received - with_id,
        repeated=with_id - len(ids),
        ambiguous=int(same.sum()),
    )


def prepare(left: pa.Table, right: pa.Table | None) -> People:
    """Code two files (or one, to find its duplicates).

    Args:
        left: text columns ``id`` and fields, one row per id.
        right: the other file; None searches ``left`` for duplicates.
    """
    other = left if right is None else right
    fields: dict[str, Field] = {}
    for name in FIELDS:
        if name == "name" or name not in left.column_names:
            continue
        if name in other.column_names:
            fields[name] = _field(left.column(name), other.column(name), _reader(name))
    if "nik" in fields:
        fields["nik"] = _without_lost_digit(fields["nik"])
    coded_names = None
    if "name" in left.column_names and "name" in other.column_names:
        coded_names = _names(left.column("name"), other.column("name"))
    return People(
        _strings(left.column("id")),
        _strings(other.column("id")),
        fields,
        coded_names,
        right is None,
    )


Reader: TypeAlias = Callable[[Sequence[str]], list[str]]


def _reader(name: str) -> Reader:
    if name == "birth_date":
        return _birth_dates
    one: Callable[[str], str] = {
        "nik": values.number,
        "kpj": values.number,
        "sex": values.sex,
        "village_code": values.place,
        "regency_code": values.place,
        "address": values.address,
        "phone": values.phone,
    }[name]
    return lambda texts: [one(text) for text in texts]


def _birth_dates(texts: Sequence[str]) -> list[str]:
    month_first = values.is_month_first(texts)
    return [values.birth_date(text, month_first=month_first) for text in texts]


def _strings(column: pa.ChunkedArray) -> Array:
    return np.array(column.to_pylist(), dtype=object)


def _distinct(
    left: pa.ChunkedArray, right: pa.ChunkedArray
) -> tuple[list[str], Array, Array]:
    """Distinct texts, and per row of both files the place among them, -1 NULL."""
    every = pa.chunked_array([*left.chunks, *right.chunks], type=pa.string())
    coded = every.combine_chunks().dictionary_encode()
    places = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    places = places.astype(np.int32)
    return coded.dictionary.to_pylist(), places[: len(left)], places[len(left) :]


def _coded(texts: list[str]) -> tuple[Array, Array]:
    """Distinct non-empty values, and the code of each text; -1 where it is empty."""
    codes: dict[str, int] = {}
    found = np.array(
        [codes.setdefault(text, len(codes)) if text else -1 for text in texts] or [0],
        dtype=np.int32,
    )[: len(texts)]
    return np.array(list(codes), dtype=object), found


def _take(codes: Array, places: Array) -> Array:
    if not len(codes):
        return np.full(len(places), -1, dtype=np.int32)
    return np.where(places < 0, -1, codes[places]).astype(np.int32)


def _field(left: pa.ChunkedArray, right: pa.ChunkedArray, reader: Reader) -> Field:
    texts, left_places, right_places = _distinct(left, right)
    vocabulary, codes = _coded(reader(texts))
    return Field(vocabulary, _take(codes, left_places), _take(codes, right_places))


def _without_lost_digit(numbers: Field) -> Field:
    """NIKs of 15 digits, as a spreadsheet keeps them, where a file was through one."""
    is_nik = np.array(
        [len(text) == NIK_DIGITS and text.isdigit() for text in numbers.vocabulary],
        dtype=bool,
    )
    ends_in_0 = np.array([text[-1] == "0" for text in numbers.vocabulary], dtype=bool)
    if not any(
        _is_rounded(is_nik, ends_in_0, codes[codes >= 0])
        for codes in (numbers.left, numbers.right)
    ):
        return numbers
    texts = [
        text[:-1] if cut else text
        for text, cut in zip(numbers.vocabulary, is_nik, strict=True)
    ]
    vocabulary, codes = _coded(texts)
    left, right = _take(codes, numbers.left), _take(codes, numbers.right)
    return Field(vocabulary, left, right, is_rounded=True)


def _is_rounded(is_nik: Array, ends_in_0: Array, codes: Array) -> bool:
    """Whether nearly every NIK ends in 0; of true serials every tenth does."""
    niks = codes[is_nik[codes]]
    return len(niks) >= _LEAST_NUMBERS and bool(ends_in_0[niks].mean() >= _NEARLY_ALL)


def _names(left: pa.ChunkedArray, right: pa.ChunkedArray) -> Names:
    texts, left_places, right_places = _distinct(left, right)
    found = [names.name_tokens(text, str, NAME_WIDTH) for text in texts]
    present = {token for tokens in found for token in tokens}
    # an old spelling is read as the new one only where the new one occurs
    spelled = {token: names.modern(token) for token in present}
    spelled = {old: new for old, new in spelled.items() if new in present}
    if spelled:
        found = [
            tokens
            if spelled.keys().isdisjoint(tokens)
            else tuple(spelled.get(t, t) for t in tokens)
            for tokens in found
        ]
    codes: dict[tuple[str, ...], int] = {}
    name_of_text = np.array(
        [codes.setdefault(tokens, len(codes)) if tokens else -1 for tokens in found],
        dtype=np.int32,
    )
    token_codes: dict[str, int] = {}
    rows = np.full((len(codes), NAME_WIDTH), -1, dtype=np.int32)
    for place, tokens in enumerate(codes):
        for slot, token in enumerate(tokens):
            rows[place, slot] = token_codes.setdefault(token, len(token_codes))
    sound_codes: dict[str, int] = {}
    sounds = [
        sound_codes.setdefault(names.sound(token), len(sound_codes))
        for token in token_codes
    ]
    keys: dict[tuple[str, ...], int] = {}
    sorted_key = [keys.setdefault(tuple(sorted(tokens)), len(keys)) for tokens in codes]
    return Names(
        tokens=np.array(list(token_codes), dtype=object),
        sounds=np.array(sounds, dtype=np.int64),
        rows=rows,
        joined=np.array(["".join(tokens) for tokens in codes], dtype=object),
        sorted_key=np.array(sorted_key, dtype=np.int64),
        left=_take(name_of_text, left_places),
        right=_take(name_of_text, right_places),
    )
