-- table:   surplus_rows (temporary)
-- grain:   source_row (rows beyond the one that is kept of each membership)
-- inputs:  typed_rows, defective_rows (rows quarantined for another reason)
-- params:  none
-- re-run:  replaced whole
--
-- The same KPJ in another segment, or paid by another source, is another membership
-- (two payers are double funding, judged later). Kept is a row without other critical
-- findings, of several the one paid furthest (best state wins), then the one whose
-- values come first in order, whatever the order of rows in the file.
create or replace temp table surplus_rows as
with kpjs_used_more_than_once as (
    select kpj
    from typed_rows
    where kpj is not null
    group by kpj, segmen, sumber_iuran
    having count(*) > 1
),

candidates_ranked as (
    select
        source_row,
        row_number() over (
            partition by kpj, segmen, sumber_iuran
            order by
                source_row in (from defective_rows) asc,
                bulan_iuran_terakhir desc nulls last,
                row(*columns(* exclude (source_row))) asc,
                source_row asc
        ) as candidate_rank
    from typed_rows
    where kpj in (from kpjs_used_more_than_once)
)

select source_row
from candidates_ranked
where candidate_rank > 1;
