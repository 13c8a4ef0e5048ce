"""Arrow columns as fields of PostgreSQL's binary COPY format.

A field is a length (4 bytes, big endian, -1 for NULL) and a value in the form of the
type's receive function. The fields of a batch are joined row by row in C++, so no
Python object is made per value. Source of the layout: PostgreSQL documentation, COPY,
"Binary Format", and the ``…_recv`` functions of its source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from cakupan.core.errors import InvariantBroken

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"

_EPOCH_DAYS = 10_957  # 2000-01-01 counted from 1970-01-01
_EPOCH_MICROSECONDS = _EPOCH_DAYS * 86_400_000_000
_GROUP = 10_000  # numeric is stored in groups of four decimal digits
_NULL = b"\xff\xff\xff\xff"

Bytes = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class FieldType:
    """A column of the target table.

    Attributes:
        name: column name, for error messages.
        arrow: what the data are cast to before they are encoded.
        encode: makes the pieces of the field: binary arrays that follow one another.
    """

    name: str
    arrow: pa.DataType
    encode: Callable[[pa.Array], list[pa.Array]]


def field_type(name: str, oid: int, modifier: int) -> FieldType:
    """How to write a column of a PostgreSQL type.

    Args:
        name: column name.
        oid: ``pg_attribute.atttypid``.
        modifier: ``pg_attribute.atttypmod`` (precision and scale of a numeric).

    Raises:
        InvariantBroken: the type is none the warehouse uses.
    """
    if oid == 1700:
        precision, scale = (modifier - 4 >> 16) & 0xFFFF, (modifier - 4) & 0x7FF
        if modifier < 0 or precision > 18:
            raise _unknown(name)
        return FieldType(
            name,
            pa.decimal128(precision, scale),
            lambda array: _numeric(array, precision, scale),
        )
    if oid not in _TYPES:
        raise _unknown(name)
    arrow, encode = _TYPES[oid]
    return FieldType(name, arrow, encode)


def encode_batch(batch: pa.RecordBatch, fields: Sequence[FieldType]) -> pa.Buffer:
    """The rows of a batch, field count and fields, without header and trailer.

    Args:
        batch: columns in the order of ``fields``.
        fields: the columns of the target.

    Raises:
        InvariantBroken: a column cannot be read as the type of the target.
    """
    count = len(batch)
    start = np.full((count, 1), len(fields), dtype=">i2").view(np.uint8)
    pieces = [_fixed(start)]
    for array, field in zip(batch.columns, fields, strict=True):
        pieces += field.encode(_cast(array, field))
    joined = pc.binary_join_element_wise(*_merged(pieces), b"")
    _, offsets, data = joined.buffers()
    ends = np.frombuffer(offsets, dtype=np.int32)
    first, last = int(ends[joined.offset]), int(ends[joined.offset + count])
    return data.slice(first, last - first)


def _merged(pieces: list[pa.Array]) -> list[pa.Array]:
    """Join neighbours of fixed width in numpy: fewer pieces for the row join."""
    merged: list[pa.Array] = []
    run: list[Bytes] = []
    for piece in [*pieces, None]:
        if isinstance(piece, pa.FixedSizeBinaryArray):
            run.append(_matrix(piece))
            continue
        if run:
            rows = run[0] if len(run) == 1 else np.concatenate(run, axis=1)
            merged.append(_fixed(rows).cast(pa.binary()))
            run = []
        if piece is not None:
            merged.append(piece)
    return merged


def _cast(array: pa.Array, field: FieldType) -> pa.Array:
    if isinstance(array, pa.ExtensionArray):
        array = array.storage
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if array.type == field.arrow:
        return array
    if field.arrow == pa.binary(16) and not pa.types.is_fixed_size_binary(array.type):
        return _uuid_bytes(array, field)
    try:
        return array.cast(field.arrow)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise _misfit(field) from None


def _uuid_bytes(array: pa.Array, field: FieldType) -> pa.Array:
    """UUIDs written as text, 36 characters, as their 16 bytes."""
    if not (pa.types.is_string(array.type) or pa.types.is_large_string(array.type)):
        raise _misfit(field)
    digits = pc.replace_substring(array, "-", "").to_pylist()
    try:
        return pa.array(
            [None if text is None else bytes.fromhex(text) for text in digits],
            pa.binary(16),
        )
    except (ValueError, pa.ArrowInvalid):
        raise _misfit(field) from None


def _misfit(field: FieldType) -> InvariantBroken:
    return InvariantBroken(
        "COLUMN_TYPE",
        f"Column {field.name} holds values its warehouse column cannot take.",
        "This is a defect of the program; report it with the name of the column.",
    )


def _unknown(name: str) -> InvariantBroken:
    return InvariantBroken(
        "COLUMN_TYPE",
        f"Column {name} has a type the loader does not know.",
        "Add it to cakupan.core.pgbinary.",
    )


def _fixed(rows: Bytes) -> pa.Array:
    rows = np.ascontiguousarray(rows)
    return pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(rows.shape[1]), len(rows), [None, pa.py_buffer(rows)]
    )


def _matrix(array: pa.Array) -> Bytes:
    width = array.type.byte_width
    values = np.frombuffer(array.buffers()[1], dtype=np.uint8)
    begin = array.offset * width
    return values[begin : begin + len(array) * width].reshape(-1, width)


def _field(values: Bytes, array: pa.Array) -> list[pa.Array]:
    """Field of fixed width, or of none where the array is NULL."""
    prefix = np.zeros((len(values), 4), np.uint8)
    prefix[:, 3] = values.shape[1]
    whole = _fixed(np.concatenate([prefix, values], axis=1))
    if not array.null_count:
        return [whole]
    return [pc.if_else(array.is_valid(), whole.cast(pa.binary()), _NULL)]


def _swapped(numbers: npt.NDArray[np.generic], order: str) -> Bytes:
    swapped = numbers.astype(order)
    return swapped.view(np.uint8).reshape(len(swapped), swapped.itemsize)


def _numbers(array: pa.Array, kind: pa.DataType) -> npt.NDArray[np.generic]:
    filled = array.view(kind).fill_null(0)
    numbers: npt.NDArray[np.generic] = filled.to_numpy(zero_copy_only=False)
    return numbers


def _integer(kind: pa.DataType, order: str) -> Callable[[pa.Array], list[pa.Array]]:
    return lambda array: _field(_swapped(_numbers(array, kind), order), array)


def _boolean(array: pa.Array) -> list[pa.Array]:
    return _field(_swapped(_numbers(array.cast(pa.uint8()), pa.uint8()), "u1"), array)


def _date(array: pa.Array) -> list[pa.Array]:
    days = _numbers(array, pa.int32()).astype(np.int64) - _EPOCH_DAYS
    return _field(_swapped(days, ">i4"), array)


def _instant(array: pa.Array) -> list[pa.Array]:
    passed = _numbers(array, pa.int64()).astype(np.int64) - _EPOCH_MICROSECONDS
    return _field(_swapped(passed, ">i8"), array)


def _float(array: pa.Array) -> list[pa.Array]:
    return _field(_swapped(_numbers(array, pa.float64()), ">f8"), array)


def _uuid(array: pa.Array) -> list[pa.Array]:
    return _field(_matrix(array), array)


def _text(array: pa.Array) -> list[pa.Array]:
    """Text of few different values is encoded once per value."""
    coded = array.dictionary_encode()
    if len(coded.dictionary) * 4 < len(array):
        words = coded.dictionary.cast(pa.binary())
        lengths = _numbers(pc.binary_length(words), pa.int32())
        prefixes = _fixed(_swapped(lengths, ">i4")).cast(pa.binary())
        fields = pc.binary_join_element_wise(prefixes, words, b"")
        return [fields.take(coded.indices).fill_null(_NULL)]
    lengths = _numbers(pc.binary_length(array).fill_null(-1), pa.int32())
    return [_fixed(_swapped(lengths, ">i4")), array.cast(pa.binary()).fill_null(b"")]


def _json(array: pa.Array) -> list[pa.Array]:
    """``jsonb``: a version byte before the text."""
    texts = array.cast(pa.binary())
    versioned = pc.binary_join_element_wise(b"\x01", texts, b"")
    lengths = _numbers(pc.binary_length(versioned).fill_null(-1), pa.int32())
    return [_fixed(_swapped(lengths, ">i4")), versioned.fill_null(b"")]


def _numeric(array: pa.Array, precision: int, scale: int) -> list[pa.Array]:
    """``numeric``: groups of four decimal digits, the decimal point between groups."""
    whole_groups = max(1, -(-(precision - scale) // 4))
    part_groups = -(-scale // 4)
    low = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)[:, 0]
    unscaled = low[array.offset : array.offset + len(array)]
    size = np.abs(
        np.where(array.is_valid().to_numpy(zero_copy_only=False), unscaled, 0)
    )
    whole, part = np.divmod(size, 10**scale)
    part = part * 10 ** (4 * part_groups - scale)
    digits = [
        whole // _GROUP**power % _GROUP for power in reversed(range(whole_groups))
    ]
    digits += [part // _GROUP**power % _GROUP for power in reversed(range(part_groups))]
    head = np.empty((len(array), 4), np.int64)
    head[:] = (whole_groups + part_groups, whole_groups - 1, 0, scale)
    head[:, 2] = np.where(unscaled < 0, 0x4000, 0)
    body = np.concatenate([head, np.stack(digits, axis=1)], axis=1)
    words = _swapped(body.ravel(), ">i2")
    return _field(words.reshape(len(array), 2 * body.shape[1]), array)


_TYPES: dict[int, tuple[pa.DataType, Callable[[pa.Array], list[pa.Array]]]] = {
    16: (pa.bool_(), _boolean),
    20: (pa.int64(), _integer(pa.int64(), ">i8")),
    21: (pa.int16(), _integer(pa.int16(), ">i2")),
    23: (pa.int32(), _integer(pa.int32(), ">i4")),
    25: (pa.string(), _text),
    701: (pa.float64(), _float),
    1082: (pa.date32(), _date),
    1184: (pa.timestamp("us", tz="UTC"), _instant),
    2950: (pa.binary(16), _uuid),
    3802: (pa.string(), _json),
}
