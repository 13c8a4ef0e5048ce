"""Alembic revisions of the warehouse; run by ``cakupan.warehouse.migrate``.

A revision changes tables, with statements written out beside it and never changed again:
what it does must not depend on the program that runs it. Views, comments, guards, roles
and grants are no part of a revision; they follow the program after the last one.
"""
