-- table:   claims (temporary table) -> core.claims
-- grain:   one row per claim and programme of the month's files
-- inputs:  claim_files (view: accepted rows of bpjs_klaim), membership_rows,
--          registry_rows, snapshot_areas, inputs, slice, macro pseudonym
-- params:  none
-- re-run:  replaces the table; the slice (month, province) is replaced whole
--
-- Whose claim: the NIK, else the KPJ of the extract of the same month. A claim that two
-- files tell (whole province and regency) is one. is_participant is NULL without any
-- extract: then it cannot be known.
create or replace temp table claims as
with contract_columns as (
    select
        null::varchar as nomor_klaim,
        null::varchar as kpj,
        null::varchar as nik,
        null::varchar as program,
        null::date as tanggal_kejadian,
        null::date as tanggal_bayar,
        null::decimal(18, 2) as jumlah,
        null::integer as source_row,
        null::varchar as filename,
    where false
),

rows_of_the_files as (
    select *, from contract_columns
    union all by name
    select *, from claim_files
),

claims_once as (
    select
        rows_of_the_files.*,
        inputs.submission_id,
        inputs.area_code as sender_code,
        pseudonym(rows_of_the_files.nik) as nik_person_id,
    from rows_of_the_files
    inner join inputs on rows_of_the_files.filename = inputs.filename
    qualify row_number() over (
        partition by
            rows_of_the_files.nomor_klaim,
            rows_of_the_files.program,
            rows_of_the_files.tanggal_bayar,
            rows_of_the_files.jumlah
        order by
            length(inputs.area_code) asc,
            inputs.submission_id asc,
            rows_of_the_files.source_row asc
    ) = 1
),

members_by_nik as (
    select
        membership_rows.person_id,
        arg_min(
            membership_rows.area_code,
            (membership_rows.participation_state, membership_rows.area_code)
        ) as area_code,
    from membership_rows
    semi join claims_once on membership_rows.person_id = claims_once.nik_person_id
    group by membership_rows.person_id
),

members_by_kpj as (
    select
        membership_rows.kpj,
        arg_min(
            membership_rows.person_id,
            (
                membership_rows.participation_state,
                membership_rows.segment,
                membership_rows.person_id
            )
        ) as person_id,
        arg_min(
            membership_rows.area_code,
            (
                membership_rows.participation_state,
                membership_rows.segment,
                membership_rows.person_id
            )
        ) as area_code,
    from membership_rows
    semi join claims_once on membership_rows.kpj = claims_once.kpj
    group by membership_rows.kpj
),

registered as (
    select
        person_id,
        arg_min(area_code, (group_rank, area_code)) as area_code,
    from registry_rows
    group by person_id
),

extracts as (
    select count(*) > 0 as has_extract,
    from snapshot_areas
)

select
    slice.coverage_month,
    slice.province_code,
    coalesce(
        members_by_nik.area_code,
        members_by_kpj.area_code,
        registered.area_code,
        claims_once.sender_code
    ) as area_code,
    pseudonym(
        'claim:' || claims_once.nomor_klaim || '|' || claims_once.program
    ) as claim_id,
    claims_once.program as programme,
    coalesce(
        members_by_nik.person_id, members_by_kpj.person_id, registered.person_id
    ) as person_id,
    claims_once.tanggal_kejadian as event_date,
    claims_once.tanggal_bayar as paid_date,
    claims_once.jumlah::decimal(18, 2) as paid_rupiah,
    if(
        extracts.has_extract,
        members_by_nik.person_id is not null or members_by_kpj.person_id is not null,
        null
    ) as is_participant,
    claims_once.submission_id,
    claims_once.source_row::integer as source_row,
from claims_once
cross join slice
cross join extracts
left join members_by_nik on claims_once.nik_person_id = members_by_nik.person_id
left join members_by_kpj on claims_once.kpj = members_by_kpj.kpj
left join registered on claims_once.nik_person_id = registered.person_id;
