-- table:   surplus_rows (temporary)
-- grain:   source_row (rows beyond the one that is kept of each natural key)
-- inputs:  keyed_rows (typed rows with their natural key in key_1 to key_4, and
--          kept_latest), defective_rows (rows quarantined for another reason)
-- params:  none
-- re-run:  replaced whole
--
-- The natural key of a dataset stands in its contract. Kept is a row without other
-- critical findings, of several the one with the latest kept_latest (a membership paid
-- furthest: best state wins), then the one whose values come first in order: the choice
-- does not depend on the order of rows in the file.
create or replace temp table surplus_rows as
with keys_used_more_than_once as (
    select
        key_1,
        key_2,
        key_3,
        key_4
    from keyed_rows
    group by all
    having count(*) > 1
),

rows_of_those_keys as (
    select
        keyed_rows.*,
        keyed_rows.source_row in (from defective_rows) as is_defective
    from keyed_rows
    semi join keys_used_more_than_once
        on
            keyed_rows.key_1 = keys_used_more_than_once.key_1
            and keyed_rows.key_2 is not distinct from keys_used_more_than_once.key_2
            and keyed_rows.key_3 is not distinct from keys_used_more_than_once.key_3
            and keyed_rows.key_4 is not distinct from keys_used_more_than_once.key_4
),

candidates_ranked as (
    select
        source_row,
        row_number() over (
            partition by key_1, key_2, key_3, key_4
            order by
                is_defective asc,
                kept_latest desc nulls last,
                row(*columns(* exclude (source_row, is_defective))) asc,
                source_row asc
        ) as candidate_rank
    from rows_of_those_keys
)

select source_row
from candidates_ranked
where candidate_rank > 1;
