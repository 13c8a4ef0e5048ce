"""Where several memberships decide equally about an entry, no order of rows chooses."""

from __future__ import annotations

from itertools import permutations

import duckdb
import pytest

from cakupan.core.lake import run_sql, sql_text

#: Rule, linked, open and rank of the state of the memberships of one entry; what counts.
CASES = {
    "in doubt by two rules": (
        [("probabilistic", False, True, 1), ("nik_near", False, True, 1)],
        "nik_near",
    ),
    "linked by two rules": (
        [("probabilistic", True, False, 1), ("kpj_equal", True, False, 1)],
        "kpj_equal",
    ),
    "the better state before the stronger rule": (
        [("nik_near", True, False, 4), ("probabilistic", True, False, 1)],
        "probabilistic",
    ),
    "linked before in doubt": (
        [("nik_near", False, True, 1), ("steward", True, False, 4)],
        "steward",
    ),
    "in doubt before set apart": (
        [("nik_conflict", False, False, 1), ("probabilistic", False, True, 3)],
        "probabilistic",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_rule_of_an_entry(case: str) -> None:
    memberships, expected = CASES[case]
    statement = duckdb.extract_statements(
        sql_text("04_reconcile", "registry", "load.sql")
    )[0]
    for rows in permutations(memberships):
        with duckdb.connect() as connection:
            connection.execute(
                "create temp table pairs (link_rule text, is_linked boolean, "
                "is_open boolean, state_rank integer, area_code text default '64.02', "
                "worker_group text default 'rt_rw', person_id uuid default "
                "'00000000-0000-0000-0000-000000000001', segment text default 'BPU', "
                "is_conflict boolean default false, is_new boolean default false, "
                "has_jkk boolean, has_jkm boolean, has_jht boolean, has_jp boolean, "
                "has_jkp boolean)"
            )
            run_sql(connection, "04_reconcile", "macros_identity.sql")
            connection.executemany(
                "insert into pairs (link_rule, is_linked, is_open, state_rank) "
                "values (?, ?, ?, ?)",
                [list(row) for row in rows],
            )
            connection.execute(statement)
            found = connection.execute("select link_rule from entry_states").fetchall()
        assert found == [(expected,)]
