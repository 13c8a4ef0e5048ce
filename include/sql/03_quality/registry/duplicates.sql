-- table:   surplus_rows (temporary), for pekerja_rentan, non_asn, aparatur_desa, rt_rw
-- grain:   source_row (rows beyond the one that is kept of each NIK)
-- inputs:  typed_rows, defective_rows (rows quarantined for another reason)
-- params:  none
-- re-run:  replaced whole
--
-- Kept is a row without other critical findings, and of several the one whose values
-- come first in order: the choice does not depend on the order of rows in the file.
create or replace temp table surplus_rows as
with niks_used_more_than_once as (
    select nik
    from typed_rows
    where nik is not null
    group by nik
    having count(*) > 1
),

candidates_ranked as (
    select
        source_row,
        row_number() over (
            partition by nik
            order by
                source_row in (from defective_rows),
                row(*columns(* exclude (source_row))),
                source_row
        ) as candidate_rank
    from typed_rows
    where nik in (from niks_used_more_than_once)
)

select source_row
from candidates_ranked
where candidate_rank > 1;
