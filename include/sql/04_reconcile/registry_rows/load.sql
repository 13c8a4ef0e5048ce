-- table:   registry_rows (temporary)
-- grain:   one row per registering area, worker group and person
-- inputs:  registry_files (view: accepted rows of the registries), inputs, eligibility,
--          slice, macro pseudonym
-- params:  none
-- re-run:  replaces the table
--
-- Within a file a NIK is there once (quality quarantines the others). Should a repeated
-- one slip through, the row that says most about the decree is kept, whatever the order
-- of the rows; month.py counts the others.
create or replace temp table registry_rows as
with contract_columns as (
    select
        null::varchar as nik,
        null::varchar as nama,
        null::date as tanggal_lahir,
        null::varchar as jenis_kelamin,
        null::varchar as alamat,
        null::varchar as kode_desa,
        null::varchar as pekerjaan,
        null::varchar as jabatan,
        null::decimal(18, 0) as penghasilan,
        null::decimal(18, 0) as upah,
        null::varchar as status,
        null::varchar as sumber_dana,
        null::date as mulai,
        null::date as selesai,
        null::varchar as no_hp,
        null::smallint as umur,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from registry_files
),

rows_with_their_submission as (
    select
        inputs.submission_id,
        inputs.area_code,
        inputs.dataset as worker_group,
        rows_of_the_files.source_row::integer as source_row,
        rows_of_the_files.nik,
        rows_of_the_files.nama as name,
        rows_of_the_files.tanggal_lahir as birth_date,
        rows_of_the_files.jenis_kelamin as sex,
        rows_of_the_files.alamat as address,
        rows_of_the_files.no_hp as phone,
        rows_of_the_files.kode_desa as village_code,
        coalesce(rows_of_the_files.sumber_dana, 'tidak_diketahui') as payer,
        rows_of_the_files.status as registration_status,
        coalesce(rows_of_the_files.jabatan, rows_of_the_files.pekerjaan) as position,
        coalesce(
            rows_of_the_files.penghasilan, rows_of_the_files.upah
        )::decimal(18, 0) as income_rupiah,
        rows_of_the_files.mulai as start_date,
        rows_of_the_files.selesai as end_date,
        coalesce(
            rows_of_the_files.umur,
            date_sub('year', rows_of_the_files.tanggal_lahir, slice.month_end)
        )::smallint as age_years,
    from rows_of_the_files
    inner join inputs on rows_of_the_files.filename = inputs.filename
    cross join slice
),

one_row_per_person as (
    select *,
    from rows_with_their_submission
    qualify row_number() over (
        partition by worker_group, area_code, nik
        order by
            case registration_status
                when 'ditetapkan' then 1
                when 'terverifikasi' then 2
                when 'usulan' then 3
                else 4
            end,
            payer,
            village_code nulls last,
            name nulls last,
            birth_date nulls last,
            submission_id,
            source_row
    ) = 1
)

select
    one_row_per_person.*,
    eligibility.group_rank,
    coalesce(
        one_row_per_person.age_years
        not between eligibility.minimum_age and eligibility.maximum_age,
        false
    ) as is_ineligible,
    coalesce(
        one_row_per_person.birth_date
        + to_years(eligibility.maximum_age + 1)
        between slice.month_end + interval 1 day
        and last_day(
            slice.month_end + to_months(funding_rules.age_limit_months)
        ),
        false
    ) as is_reaching_age_limit,
    pseudonym(one_row_per_person.nik) as person_id,
from one_row_per_person
cross join slice
cross join funding_rules
inner join eligibility on one_row_per_person.worker_group = eligibility.worker_group;
