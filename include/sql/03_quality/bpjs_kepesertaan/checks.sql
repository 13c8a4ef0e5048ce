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
    coalesce(nullif(kpj__defect, 'KPJ_MISSING'), if(kpj is null, null, 'ok'))
        as kpj__reading,
    coalesce(nullif(nama__defect, 'NAME_MISSING'), if(nama is null, null, 'ok'))
        as nama__reading,
    coalesce(nullif(segmen__defect, 'VALUE_MISSING'), if(segmen is null, null, 'ok'))
        as segmen__reading,
    coalesce(
        nullif(kode_kabkota__defect, 'VALUE_MISSING'),
        if(kode_kabkota is null, null, 'ok')
    ) as kode_kabkota__reading,
    coalesce(
        bulan_iuran_terakhir__defect, if(bulan_iuran_terakhir is null, null, 'ok')
    ) as bulan_iuran_terakhir__reading,
    coalesce(
        (status = 'aktif' and unpaid_months >= 3)
        or (status = 'tidak_aktif' and unpaid_months <= 0),
        false
    ) as is_status_conflicting
from arrears_counted;
