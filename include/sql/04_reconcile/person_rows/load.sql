-- table:   person_rows (temporary view, written once as scratch Parquet)
-- grain:   one row per person of the month, registries and extract together
-- inputs:  membership_rows, registry_rows
-- params:  none
-- re-run:  replaces the view
--
-- Whose name is best known: BPJS verifies NIK, name and birth date when it registers
-- somebody, so its row is asked first (best-paid membership first), then the registries
-- in the order of the eligibility table. What the first does not know the next may.
create or replace temp view person_rows as
with sightings as (
    select
        membership_rows.person_id,
        membership_rows.nik,
        case when membership_rows.nik is null then membership_rows.kpj end as kpj,
        membership_rows.name,
        membership_rows.birth_date,
        membership_rows.sex,
        null as address,
        null as phone,
        0 as source_rank,
        membership_rows.paid_through_month,
        membership_rows.area_code,
    from membership_rows
    union all
    select
        registry_rows.person_id,
        registry_rows.nik,
        null as kpj,
        registry_rows.name,
        registry_rows.birth_date,
        registry_rows.sex,
        registry_rows.address,
        registry_rows.phone,
        registry_rows.group_rank as source_rank,
        null as paid_through_month,
        registry_rows.area_code,
    from registry_rows
),

persons_seen_often as (
    select person_id,
    from sightings
    group by person_id
    having count(*) > 1
),

persons_seen_once as (
    select
        sightings.person_id,
        sightings.nik,
        sightings.kpj,
        sightings.name,
        sightings.birth_date,
        sightings.sex,
        sightings.address,
        sightings.phone,
    from sightings
    anti join persons_seen_often on sightings.person_id = persons_seen_often.person_id
),

ranked_sightings as (
    select
        sightings.* exclude (source_rank, paid_through_month, area_code),
        row_number() over (
            partition by sightings.person_id
            order by
                sightings.source_rank asc,
                sightings.paid_through_month desc nulls last,
                sightings.area_code asc,
                sightings.name asc nulls last,
                sightings.birth_date asc nulls last,
                sightings.sex asc nulls last,
                sightings.address asc nulls last,
                sightings.phone asc nulls last
        ) as choice,
    from sightings
    semi join persons_seen_often on sightings.person_id = persons_seen_often.person_id
),

persons_put_together as (
    select
        person_id,
        min(nik) as nik,
        min(kpj) as kpj,
        arg_min(name, choice) as name,
        arg_min(birth_date, choice) as birth_date,
        arg_min(sex, choice) as sex,
        arg_min(address, choice) as address,
        arg_min(phone, choice) as phone,
    from ranked_sightings
    group by person_id
)

select *, from persons_seen_once
union all by name
select *, from persons_put_together;
