-- table:   budget_rows, budget_reports (temporary tables) -> core.budget_reports
-- grain:   accepted row of a budget file; area and fiscal year with a file in force
-- inputs:  budget_files (view: accepted rows of anggaran), inputs, slice
-- params:  none
-- re-run:  replaces both; the slice (month, province) is replaced whole
--
-- A file is a whole list: what an area says of a fiscal year in the latest file up to the
-- month replaces all it said before. A nil file speaks of the year it landed for.
create or replace temp table budget_rows as
with contract_columns as (
    select
        null::smallint as tahun,
        null::varchar as sumber_dana,
        null::varchar as kelompok,
        null::integer as jumlah_orang,
        null::decimal(18, 2) as jumlah_bulan,
        null::decimal(18, 2) as pagu,
        null::decimal(18, 2) as realisasi,
        null::varchar as nomor_dpa,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from budget_files
)

select
    inputs.area_code,
    inputs.landing_month,
    inputs.submission_id,
    rows_of_the_files.source_row::integer as source_row,
    rows_of_the_files.tahun::smallint as fiscal_year,
    rows_of_the_files.kelompok as worker_group,
    rows_of_the_files.sumber_dana as payer,
    rows_of_the_files.nomor_dpa as budget_document,
    rows_of_the_files.jumlah_orang::integer as budgeted_count,
    rows_of_the_files.jumlah_bulan::decimal(5, 2) as budgeted_months,
    rows_of_the_files.pagu::decimal(18, 2) as budget_rupiah,
    rows_of_the_files.realisasi::decimal(18, 2) as realised_rupiah,
from rows_of_the_files
inner join inputs on rows_of_the_files.filename = inputs.filename;

create or replace temp table budget_reports as
with years_reported as (
    select distinct
        area_code,
        landing_month,
        submission_id,
        fiscal_year,
        false as is_nil,
    from budget_rows
    union all
    select
        area_code,
        landing_month,
        submission_id,
        year(landing_month)::smallint as fiscal_year,
        true as is_nil,
    from inputs
    where dataset = 'anggaran' and filename is null
),

latest_report as (
    select *,
    from years_reported
    qualify row_number() over (
        partition by area_code, fiscal_year
        order by landing_month desc, submission_id asc
    ) = 1
)

select
    slice.coverage_month,
    slice.province_code,
    latest_report.area_code,
    latest_report.fiscal_year,
    latest_report.landing_month as reported_month,
    latest_report.is_nil,
    latest_report.submission_id,
from latest_report
cross join slice;
