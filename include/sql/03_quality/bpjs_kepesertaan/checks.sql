-- table:   dataset_checks (temporary)
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  $month_start first day of the coverage month
-- re-run:  replaced whole
--
-- Unpaid months: coverage month minus last paid month. Three or more mean inactive
-- (BPJS Ketenagakerjaan); a status that says otherwise is reported, not corrected.
create or replace temp table dataset_checks as
with arrears_counted as (
    select
        *,
        date_diff('month', bulan_iuran_terakhir, cast($month_start as date))
            as unpaid_months
    from typed_rows
)

select
    source_row,
    coalesce(
        (status = 'aktif' and unpaid_months >= 3)
        or (status = 'tidak_aktif' and unpaid_months <= 0),
        false
    ) as is_status_conflicting
from arrears_counted;
