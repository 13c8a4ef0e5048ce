"""Which pairs are worth comparing: those that share a blocking value, within a budget.

The rules stand in ``include/sql/04_matching/keys``. Values shared by so many persons
that comparing them would exceed the budget are left out, the largest first; the cap is
part of the result. Small files are compared in full.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cakupan.core.engine import Session
from cakupan.core.lake import run_sql
from cakupan.matching.people import Array, Field, People

STAGE = "04_matching"
FULL_PAIRS = 600_000
LARGE_PAIRS = 2_000_000_000
BUDGET_BASE, BUDGET_PER_ROW, BUDGET_MOST = 1_000_000, 200, 16_000_000
_RARE_WORD_SHARE = 0.02


@dataclass(frozen=True, slots=True)
class Blocks:
    """Pairs to compare.

    Attributes:
        left: rows of the left file, ascending.
        right: rows of the right file.
        cap: largest number of pairs one blocking value may give; None when every pair
            is compared or no value was left out.
        left_out: blocking values left out because of the cap.
        without_nik: whether a pair would also be compared without its identity numbers.
    """

    left: Array
    right: Array
    cap: int | None
    left_out: int
    without_nik: Array


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of two files that were found beforehand, and out of how many persons.

    Attributes:
        pairs: text columns ``left_id``, ``right_id`` and boolean ``without_nik``:
            whether the pair was found without a look at the identity numbers. Only from
            these is it learned how alike the numbers of strangers are.
        picked_from: persons among whom the left and the right file were picked; a pair
            of strangers is as likely as among all of them.
    """

    pairs: pa.Table
    picked_from: tuple[int, int]


def given_pairs(people: People, candidates: Candidates) -> Blocks:
    """The pairs of :class:`Candidates` as rows; those of unknown ids are left out."""
    pairs = candidates.pairs
    left = _rows_of(people.left_ids, pairs.column("left_id"))
    right = _rows_of(people.right_ids, pairs.column("right_id"))
    without_nik = pairs.column("without_nik").to_numpy()
    known = np.flatnonzero((left >= 0) & (right >= 0))
    order = known[np.lexsort((right[known], left[known]))]
    return Blocks(left[order], right[order], None, 0, without_nik[order])


def _rows_of(ids: Array, wanted: pa.ChunkedArray) -> Array:
    found = pc.index_in(wanted.combine_chunks(), pa.array(ids, pa.string()))
    return np.asarray(found.fill_null(-1), dtype=np.int64)


def choose_pairs(
    connection: Session,
    people: People,
    left_rows: Array,
    right_rows: Array,
) -> Blocks:
    """Pairs of the given rows that share a blocking value.

    Args:
        connection: session that holds the temporary tables.
        people: both files.
        left_rows: rows of the left file still without a partner, ascending.
        right_rows: the same of the right file; ignored in a search for duplicates.
    """
    if people.is_dedupe:
        count = len(left_rows)
        if count * (count - 1) // 2 <= FULL_PAIRS:
            a, b = np.triu_indices(count, 1)
            return _in_full(left_rows[a], left_rows[b])
    elif len(left_rows) * len(right_rows) <= FULL_PAIRS:
        return _in_full(
            np.repeat(left_rows, len(right_rows)), np.tile(right_rows, len(left_rows))
        )
    _register(connection, people, left_rows, right_rows)
    run_sql(connection, STAGE, "keys", "load.sql")
    side = 0 if people.is_dedupe else 1
    is_large = len(left_rows) * len(right_rows) > LARGE_PAIRS
    run_sql(
        connection,
        STAGE,
        "pairs",
        "load.sql",
        parameters={"right_side": side, "is_large": is_large},
    )
    few = min(len(left_rows), len(right_rows))
    cap, left_out = _cap(connection, min(
        BUDGET_BASE + BUDGET_PER_ROW * few, BUDGET_MOST
    ))  # fmt: skip
    run_sql(
        connection,
        STAGE,
        "pairs",
        "chosen.sql",
        parameters={"cap": cap, "is_dedupe": people.is_dedupe},
    )
    chosen = connection.sql(
        "select * from chosen_pairs order by left_row, right_row"
    ).to_arrow_table()
    for name in ("left_keys", "right_keys", "key_sizes", "chosen_pairs"):
        connection.execute(f"drop table {name}")
    return Blocks(
        np.asarray(chosen["left_row"], dtype=np.int64),
        np.asarray(chosen["right_row"], dtype=np.int64),
        cap if left_out else None,
        left_out,
        np.asarray(chosen["is_without_nik"], dtype=bool),
    )


def _in_full(left: Array, right: Array) -> Blocks:
    return Blocks(left, right, None, 0, np.ones(len(left), dtype=bool))


def _cap(connection: Session, budget: int) -> tuple[int, int]:
    """Largest group that still fits the budget, and how many groups do not."""
    sizes = connection.execute(
        "select pair_count, count(*), sum(pair_count) from key_sizes "
        "group by pair_count order by pair_count"
    ).fetchall()
    total = cap = left_out = 0
    for size, groups, pairs in sizes:
        total += int(pairs)
        if total <= budget:
            cap = int(size)
        else:
            left_out += int(groups)
    return cap, left_out


def _register(
    connection: Session,
    people: People,
    left_rows: Array,
    right_rows: Array,
) -> None:
    sides = [(0, left_rows)] if people.is_dedupe else [(0, left_rows), (1, right_rows)]
    for name, make in (
        ("records", _records),
        ("name_sounds", _name_sounds),
        ("address_words", _address_words),
    ):
        parts = [make(people, side, rows) for side, rows in sides]
        connection.register(name, pa.concat_tables(parts))


def _codes(people: People, name: str, side: int, rows: Array) -> Array:
    field = people.fields.get(name)
    if field is None:
        return np.full(len(rows), -1, dtype=np.int64)
    codes = field.right if side else field.left
    return codes[rows].astype(np.int64)


def _nullable(codes: Array) -> pa.Array:
    return pa.array(codes, mask=codes < 0)


def _records(people: People, side: int, rows: Array) -> pa.Table:
    columns: dict[str, pa.Array] = {
        "side": pa.array(np.full(len(rows), side, dtype=np.int64)),
        "row_no": pa.array(rows.astype(np.int64)),
    }
    for name, field in (
        ("nik", "nik"),
        ("kpj", "kpj"),
        ("phone", "phone"),
        ("village", "village_code"),
        ("address", "address"),
    ):
        columns[name] = _nullable(_codes(people, field, side, rows))
    nik = _codes(people, "nik", side, rows)
    for name, halves in _halves(people.fields.get("nik")).items():
        columns[name] = _nullable(_through(halves, nik))
    birth = _codes(people, "birth_date", side, rows)
    for name, part in _date_parts(people.fields.get("birth_date")).items():
        columns[name] = _nullable(_through(part, birth))
    columns["name_key"] = _nullable(
        _through(
            np.empty(0, dtype=np.int64)
            if people.names is None
            else people.names.sorted_key,
            _name_rows(people, side, rows),
        )
    )
    return pa.table(columns)


def _through(values: Array, codes: Array) -> Array:
    if not len(values):
        return np.full(len(codes), -1, dtype=np.int64)
    return np.where(codes < 0, -1, values[codes]).astype(np.int64)


def _halves(field: Field | None) -> dict[str, Array]:
    """Codes of the first and the second half of numbers: one edit leaves one intact."""
    found: dict[str, Array] = {}
    texts = [] if field is None else field.vocabulary.tolist()
    for name, is_head in (("nik_head", True), ("nik_tail", False)):
        codes: dict[str, int] = {}
        halves = []
        for text in texts:
            half = (len(text) + 1) // 2
            part = text[:half] if is_head else text[-half:]
            halves.append(codes.setdefault(part, len(codes)) if len(text) > 3 else -1)
        found[name] = np.array(halves, dtype=np.int64)
    return found


def _date_parts(field: Field | None) -> dict[str, Array]:
    numbers = np.array(
        [] if field is None else [int(text) for text in field.vocabulary],
        dtype=np.int64,
    )
    month, day = numbers // 100 % 100, numbers % 100
    return {
        "birth_year": numbers // 10_000,
        "birth_month": np.where(month == 0, -1, month),
        "birth_day": np.where(day == 0, -1, day),
    }


def _name_rows(people: People, side: int, rows: Array) -> Array:
    if people.names is None:
        return np.full(len(rows), -1, dtype=np.int64)
    return (people.names.right if side else people.names.left)[rows].astype(np.int64)


def _name_sounds(people: People, side: int, rows: Array) -> pa.Table:
    """One row per person and distinct sound of a name token of two letters or more."""
    places = _name_rows(people, side, rows)
    names = people.names
    if names is None or not len(names.tokens):
        return _long(side, [], [], "sound")
    short = np.array([len(token) < 2 for token in names.tokens])
    sounds = np.where(short, -1, names.sounds)
    wide = np.where(names.rows < 0, -1, sounds[names.rows])
    at, slot = np.nonzero(np.where(places[:, None] < 0, -1, wide[places]) >= 0)
    return _long(side, rows[at], wide[places[at], slot], "sound")


def _address_words(people: People, side: int, rows: Array) -> pa.Table:
    """One row per person and telling word of the address."""
    field = people.fields.get("address")
    if field is None or not len(field.vocabulary):
        return _long(side, [], [], "word")
    codes: dict[str, int] = {}
    split = [
        [codes.setdefault(word, len(codes)) for word in set_of(text)]
        for text in field.vocabulary
    ]
    width = np.array([len(words) for words in split])
    start = np.r_[0, np.cumsum(width)]
    flat = np.array([word for words in split for word in words], dtype=np.int64)
    every = field.left if people.is_dedupe else np.r_[field.left, field.right]
    uses = np.bincount(every[every >= 0], minlength=len(split))
    frequency = np.bincount(flat, np.repeat(uses, width), len(codes))
    mine = (field.right if side else field.left)[rows]
    have = np.flatnonzero(mine >= 0)
    count = width[mine[have]]
    row_no = np.repeat(rows[have], count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    word = flat[np.repeat(start[mine[have]], count) + within]
    rare = frequency[word] <= max(5, _RARE_WORD_SHARE * len(every))
    return _long(side, row_no[rare], word[rare], "word")


def set_of(text: str) -> list[str]:
    """Distinct words of an address, in its order."""
    return list(dict.fromkeys(text.split()))


def _long(
    side: int, rows: Array | list[int], values: Array | list[int], name: str
) -> pa.Table:
    row_no = np.asarray(rows, dtype=np.int64)
    return pa.table(
        {
            "side": np.full(len(row_no), side, dtype=np.int64),
            "row_no": row_no,
            name: np.asarray(values, dtype=np.int64),
        }
    )
