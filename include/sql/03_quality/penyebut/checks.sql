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
        nullif(segmen__defect, 'VALUE_MISSING'),
        if(segmen is null, null, 'ok')
    ) as segmen__reading,
    coalesce(
        nullif(definisi__defect, 'VALUE_MISSING'),
        if(definisi is null, null, 'ok')
    ) as definisi__reading,
    coalesce(
        nullif(jumlah_orang__defect, 'VALUE_MISSING'),
        if(jumlah_orang is null, null, 'ok')
    ) as jumlah_orang__reading,
    coalesce(
        nullif(sumber__defect, 'VALUE_MISSING'),
        if(sumber is null, null, 'ok')
    ) as sumber__reading,
    coalesce(
        nullif(tanggal_acuan__defect, 'VALUE_MISSING'),
        if(tanggal_acuan is null, null, 'ok')
    ) as tanggal_acuan__reading
from typed_rows;
