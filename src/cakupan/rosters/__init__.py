"""Lists of named people: proposals, early warnings, the persons behind a number.

What is decided here is decided by pseudonym; names are put beside at the very end, with
a steward's right and an entry in ``vault.access_log``, into a file only its owner reads.
"""
