"""One error tree. Every error caused from outside has a code and says what to do.

The exit status of the command line is a property of the error, so a caller can tell
"your file" (3) from "our data" (4) from "the database is away" (6).
"""

from __future__ import annotations


class CakupanError(Exception):
    """Base of all errors Cakupan raises on purpose.

    Args:
        code: stable identifier, upper case, e.g. ``STORE_UNREACHABLE``.
        message: what happened, without any personal value.
        hint: what the reader should do next.
    """

    exit_status = 1

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"[{self.code}] {self.message}" + (f" {self.hint}" if self.hint else "")

    def __reduce__(self) -> tuple[type[CakupanError], tuple[str, str, str]]:
        return (type(self), (self.code, self.message, self.hint))


class UsageError(CakupanError):
    """The command was used wrongly."""

    exit_status = 2


class SubmissionRefused(CakupanError):
    """A submitted file cannot be taken at all; the sender must send another one."""

    exit_status = 3


class InvariantBroken(CakupanError):
    """The data contradict themselves; nothing is published."""

    exit_status = 4


class ConfigurationError(CakupanError):
    """Settings are missing or contradict each other."""

    exit_status = 5


class OperationalError(CakupanError):
    """A system outside Cakupan failed; trying again later may help."""

    exit_status = 6


class StaleWriter(OperationalError):
    """Another run has taken over this slice; this one must not write any more."""
