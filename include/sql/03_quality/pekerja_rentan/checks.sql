-- table:   dataset_checks (temporary)
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  none
-- re-run:  replaced whole
create or replace temp table dataset_checks as
select
    source_row,
    coalesce(status = 'ditetapkan', false) and nomor_sk is null as is_decree_missing
from typed_rows;
