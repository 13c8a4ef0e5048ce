-- table:   pledges (temporary view) -> core.pledges
-- grain:   one row per row of the CSR file in force of an area
-- inputs:  pledge_files (view: accepted rows of csr), inputs, slice
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- A file is a whole list and holds until the area sends another, within its year: what
-- was pledged for one year is not counted in the next.
create or replace temp view pledges as
with contract_columns as (
    select
        null::varchar as perusahaan,
        null::varchar as kelompok,
        null::integer as jumlah_orang,
        null::decimal(18, 2) as jumlah_bulan,
        null::decimal(18, 2) as nilai,
        null::varchar as nomor_pks,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from pledge_files
),

files_in_force as (
    select
        inputs.area_code,
        inputs.submission_id,
        inputs.filename,
    from inputs
    cross join slice
    where
        inputs.dataset = 'csr'
        and year(inputs.landing_month) = year(slice.coverage_month)
    qualify row_number() over (
        partition by inputs.area_code
        order by inputs.landing_month desc, inputs.submission_id asc
    ) = 1
)

select
    slice.coverage_month,
    slice.province_code,
    files_in_force.area_code,
    rows_of_the_files.perusahaan as company,
    rows_of_the_files.nomor_pks as agreement_number,
    coalesce(rows_of_the_files.kelompok, 'tidak_diketahui') as worker_group,
    rows_of_the_files.jumlah_orang::integer as pledged_count,
    rows_of_the_files.jumlah_bulan::decimal(5, 2) as pledged_months,
    rows_of_the_files.nilai::decimal(18, 2) as pledge_rupiah,
    files_in_force.submission_id,
    rows_of_the_files.source_row::integer as source_row,
from rows_of_the_files
inner join files_in_force on rows_of_the_files.filename = files_in_force.filename
cross join slice;
