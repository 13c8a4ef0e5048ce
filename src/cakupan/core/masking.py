"""Long runs of digits out of texts: logs, error texts and file names hold no person.

A NIK has 16 digits, a KPJ 11, a phone number 10 to 13. What merely looks like them and
is needed to find one's way (area codes, months, times, submission ids, fingerprints) is
left as it is.
"""

from __future__ import annotations

import logging
import re
import traceback

# What may stay, tried before the digits are judged. A token counts only when it does
# not go on in more digits, so that no part of a longer number hides behind it.
_MONTH = r"(?:19|20)\d{2}-(?:0[1-9]|1[0-2])"
_AREA = r"\d{2}(?:\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?)?"
_KEPT = "|".join(
    (
        rf"[a-z_]+-{_AREA}-{_MONTH}-\d{{3,5}}(?![\d.-]*\d)",  # submission id
        rf"\b\d{{2}}-{_MONTH}-[0-9a-f]{{12}}\b",  # release id
        r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",  # UUID
        r"\b(?=[0-9]*[a-f])(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32}|[0-9a-f]{12})\b",
        rf"(?<![\d.]){_MONTH}-\d{{2}}[T ]\d{{2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d{{1,6}})?)?"
        r"(?:[+-]\d{2}:\d{2})?(?!\d)",
        rf"(?<![\d.-]){_MONTH}(?:-\d{{2}})?(?![.-]?\d)",
        r"(?<![\d.-])\d{2}\.\d{2}(?:\.\d{2}(?:\.\d{4})?)?(?![.-]?\d)",  # area
    )
)
# a whole NIK first, so that a month written after it is not taken for a part of it
_NUMBER = re.compile(
    rf"(?P<kept>{_KEPT})|(?<!\d)\d{{16}}(?!\d)|\d(?:[ .\-\u00a0]?\d){{9,}}"
)

_LONG_RUN = re.compile(r"\d{6,}")
_YEAR_MONTH = re.compile(r"20\d{2}(0[1-9]|1[0-2])")


def mask_text(text: str) -> str:
    """Stars for every run of ten or more digits, also with dots, spaces or dashes."""
    return _NUMBER.sub(lambda found: found["kept"] or "*" * len(found[0]), text)


def masked_name(name: str) -> str:
    """A file name without identity numbers: ``X`` for digits in runs of six or more.

    Area codes, months (``2026-09`` and ``202609``) and short numbers stay.
    """

    def run(found: re.Match[str]) -> str:
        return found[0] if _YEAR_MONTH.fullmatch(found[0]) else "X" * len(found[0])

    return _LONG_RUN.sub(run, mask_text(name).replace("*", "X"))


class PersonalDataFilter(logging.Filter):
    """Masks a log record whole: message, arguments, traceback and stack.

    Put it on handlers: a filter of a logger does not see the records of its children.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; always lets it pass."""
        try:
            message = record.getMessage()
        except (TypeError, ValueError, KeyError):
            # arguments do not fit the template; logging would print both
            message = f"{record.msg} {record.args}"
        record.msg = mask_text(message)
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = "".join(traceback.format_exception(*record.exc_info))
        if record.exc_text:
            # a handler that formats the exception itself would undo the masking
            record.exc_text = mask_text(record.exc_text).rstrip("\n")
            record.exc_info = None
        if record.stack_info:
            record.stack_info = mask_text(record.stack_info)
        return True
