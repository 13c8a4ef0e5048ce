-- table:   surplus_rows (temporary)
-- grain:   source_row (rows beyond the one kept of each area, year, segment and unit)
-- inputs:  typed_rows, defective_rows (rows quarantined for another reason)
-- params:  none
-- re-run:  replaced whole
--
-- Kept is a row without other critical findings, and of several the one whose values
-- come first in order: the choice does not depend on the order of rows in the file.
create or replace temp table surplus_rows as
with candidates_ranked as (
    select
        source_row,
        row_number() over (
            partition by kode_wilayah, tahun, segmen, satuan
            order by
                source_row in (from defective_rows),
                row(*columns(* exclude (source_row))),
                source_row
        ) as candidate_rank
    from typed_rows
    where kode_wilayah is not null
)

select source_row
from candidates_ranked
where candidate_rank > 1;
