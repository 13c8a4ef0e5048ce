-- table:   dataset_checks (temporary)
-- grain:   source_row (one per typed row)
-- inputs:  typed_rows
-- params:  none
-- re-run:  replaced whole
create or replace temp table dataset_checks as
select
    source_row,
    coalesce(
        nullif(kode_wilayah__defect, 'VALUE_MISSING'),
        if(kode_wilayah is null, null, 'ok')
    ) as kode_wilayah__reading,
    coalesce(
        nullif(tahun__defect, 'VALUE_MISSING'),
        if(tahun is null, null, 'ok')
    ) as tahun__reading,
    coalesce(
        nullif(segmen__defect, 'VALUE_MISSING'),
        if(segmen is null, null, 'ok')
    ) as segmen__reading,
    coalesce(
        nullif(satuan__defect, 'VALUE_MISSING'),
        if(satuan is null, null, 'ok')
    ) as satuan__reading,
    coalesce(
        nullif(nilai__defect, 'VALUE_MISSING'),
        if(nilai is null, null, 'ok')
    ) as nilai__reading,
    coalesce(
        nullif(sumber__defect, 'VALUE_MISSING'),
        if(sumber is null, null, 'ok')
    ) as sumber__reading
from typed_rows;
