-- table:   dataset_checks (temporary)
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  none
-- re-run:  replaced whole
create or replace temp table dataset_checks as
select
    source_row,
    coalesce(
        nullif(kode_desa__defect, 'VALUE_MISSING'),
        if(kode_desa is null, null, 'ok')
    ) as kode_desa__reading
from typed_rows;
