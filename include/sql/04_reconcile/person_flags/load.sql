-- table:   person_flags (temporary)
-- grain:   one row per person for whom no subsidy is due this month
-- inputs:  registry, verifications, claims, linked_persons, slice,
--          macro is_civil_servant
-- params:  none
-- re-run:  replaces the table
--
-- The gravest reason first: deceased before the month began, by Dukcapil or by a JKM
-- claim of the month's file; became_asn, by the position
-- or occupation a list states; covered_by_employer, a vulnerable worker who is active as
-- a wage worker; ineligible_age. Who died within the month was protected in it.
create or replace temp table person_flags as
with flags as (
    select
        verifications.person_id,
        1 as gravity,
        'deceased' as kind,
    from verifications
    cross join slice
    where
        verifications.match_status = 'meninggal'
        and verifications.status_date < slice.coverage_month
    union all
    select
        claims.person_id,
        1 as gravity,
        'deceased' as kind,
    from claims
    where
        claims.programme = 'JKM'
        and claims.person_id is not null
        and claims.event_date < claims.coverage_month
    union all
    select
        person_id,
        2 as gravity,
        'became_asn' as kind,
    from registry
    where is_civil_servant(position)
    union all
    select
        person_id,
        3 as gravity,
        'covered_by_employer' as kind,
    from registry
    where worker_group = 'pekerja_rentan' and is_active_wage_worker
    union all
    select
        person_id,
        4 as gravity,
        'ineligible_age' as kind,
    from registry
    where is_ineligible
),

-- what is known of the participant is known of the registered person
flags_of_both as (
    select *, from flags
    union all
    select
        linked_persons.person_id,
        flags.gravity,
        flags.kind,
    from flags
    inner join linked_persons on flags.person_id = linked_persons.other_id
)

select
    person_id,
    arg_min(kind, gravity) as kind,
from flags_of_both
group by person_id;
