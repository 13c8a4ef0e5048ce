-- table:   snapshot_rows (temporary view), repeated_kpj (temporary table)
-- grain:   accepted row of an extract about this province; KPJ with more than one row
-- inputs:  snapshot_files (view: accepted rows of the extracts), inputs, slice
-- params:  none
-- re-run:  replaces both
--
-- A view: two million rows are read from Parquet as often as needed instead of being
-- held in memory. A NIK with a defect is no NIK; the row goes on without it.
create or replace temp view snapshot_rows as
with contract_columns as (
    select
        null::varchar as kpj,
        null::varchar as nik,
        null::varchar as nik__defect,
        null::varchar as nama,
        null::date as tanggal_lahir,
        null::varchar as jenis_kelamin,
        null::varchar as segmen,
        null::boolean as jkk,
        null::boolean as jkm,
        null::boolean as jht,
        null::boolean as jp,
        null::boolean as jkp,
        null::varchar as sumber_iuran,
        null::varchar as sektor,
        null::date as tanggal_kepesertaan,
        null::date as bulan_iuran_terakhir,
        null::varchar as status,
        null::varchar as kode_kabkota,
        null::varchar as kode_desa,
        null::varchar as status_periode,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from snapshot_files
)

select
    inputs.submission_id,
    rows_of_the_files.source_row::integer as source_row,
    rows_of_the_files.kpj,
    case
        when
            rows_of_the_files.nik__defect is null
            and length(rows_of_the_files.nik) = 16
            then rows_of_the_files.nik
    end as nik,
    rows_of_the_files.nama as name,
    rows_of_the_files.tanggal_lahir as birth_date,
    rows_of_the_files.jenis_kelamin as sex,
    rows_of_the_files.segmen as segment,
    rows_of_the_files.kode_kabkota as area_code,
    rows_of_the_files.kode_desa as village_code,
    rows_of_the_files.sumber_iuran as payer,
    rows_of_the_files.sektor as sector,
    rows_of_the_files.jkk as has_jkk,
    rows_of_the_files.jkm as has_jkm,
    rows_of_the_files.jht as has_jht,
    rows_of_the_files.jp as has_jp,
    rows_of_the_files.jkp as has_jkp,
    rows_of_the_files.tanggal_kepesertaan as registration_date,
    date_trunc('month', rows_of_the_files.bulan_iuran_terakhir)::date
        as paid_through_month,
    rows_of_the_files.status,
    rows_of_the_files.status_periode as period_status,
from rows_of_the_files
inner join inputs on rows_of_the_files.filename = inputs.filename
cross join slice
where starts_with(rows_of_the_files.kode_kabkota, slice.province_code || '.');

create or replace temp table repeated_kpj as
select kpj,
from snapshot_rows
group by kpj
having count(*) > 1;
