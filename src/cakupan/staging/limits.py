"""What one file may cost: the bounds of the child process that reads it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one parse. All sizes in bytes, all times in seconds.

    Attributes:
        memory: address space of the child (``RLIMIT_AS``).
        cpu_seconds: processor time of the child (``RLIMIT_CPU``).
        wall_seconds: time after which the parent ends the child.
        file_bytes: size of the file as sent.
        text_bytes: decompressed size of a text file.
        workbook_bytes: decompressed size of all members of a workbook together.
        ratio: decompressed to compressed size of a gzip file or a workbook member,
            judged above ``ratio_from`` bytes. Deflate itself ends at 1032.
        ratio_from: size below which the ratio does not matter.
        columns: columns of a table.
        ragged: rows with a wrong number of cells that are still listed one by one.
    """

    memory: int = 3072 * _MEGABYTE
    cpu_seconds: int = 300
    wall_seconds: float = 600.0
    file_bytes: int = 2048 * _MEGABYTE
    text_bytes: int = 4096 * _MEGABYTE
    workbook_bytes: int = 1024 * _MEGABYTE
    ratio: int = 400
    ratio_from: int = 64 * _MEGABYTE
    columns: int = 1000
    ragged: int = 100_000

    def as_dict(self) -> dict[str, int | float]:
        """As plain values, for the job file of the child."""
        return asdict(self)
