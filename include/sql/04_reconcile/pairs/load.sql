-- table:   pairs (temporary)
-- grain:   one row per row of a registry and membership that is or may be this person's
-- inputs:  registry_rows, listed_people, membership_rows, snapshot_areas, rung_pairs,
--          decided_conflicts, macro is_another_person
-- params:  none
-- re-run:  replaces the table
--
-- Only where an extract covers the registering area (rule 4: no data is not zero).
-- Rule 3: by equal NIK over the whole province; not the same person when birth date and
-- name both differ (see macros_identity.sql), unless a steward decided it. Who is not
-- found so: the rungs below it (rung_pairs). is_linked: the membership is this person's;
-- is_open: nobody knows yet.
create or replace temp table pairs as
with pairs_by_nik as (
    select
        registry_rows.area_code,
        registry_rows.worker_group,
        registry_rows.person_id,
        membership_rows.*
        exclude (area_code, person_id),
        is_another_person(
            registry_rows.name,
            registry_rows.birth_date,
            membership_rows.name,
            membership_rows.birth_date
        ) as is_conflict,
        case
            when registry_rows.birth_date = membership_rows.birth_date
                then 'birth_date=equal'
            when registry_rows.birth_date <> membership_rows.birth_date
                then 'birth_date=differs'
            else 'birth_date=missing'
        end as birth_date_evidence,
    from registry_rows
    inner join snapshot_areas on registry_rows.area_code = snapshot_areas.area_code
    inner join membership_rows on registry_rows.person_id = membership_rows.person_id
),

pairs_judged as (
    select
        pairs_by_nik.*,
        case
            when not pairs_by_nik.is_conflict then 'nik_equal'
            when decided_conflicts.decision = 'same' then 'steward'
            else 'nik_conflict'
        end as link_rule,
        coalesce(
            not pairs_by_nik.is_conflict or decided_conflicts.decision = 'same', false
        ) as is_linked,
        pairs_by_nik.is_conflict
        and coalesce(decided_conflicts.decision not in ('same', 'different'), true)
            as is_open,
        null::double as probability,
        null as evidence,
    from pairs_by_nik
    left join decided_conflicts
        on
            pairs_by_nik.person_id = decided_conflicts.person_id
            and pairs_by_nik.area_code = decided_conflicts.area_code
            and pairs_by_nik.worker_group = decided_conflicts.worker_group
            and pairs_by_nik.membership_id = decided_conflicts.membership_id
),

pairs_by_rung as (
    select
        listed_people.area_code,
        listed_people.worker_group,
        listed_people.person_id,
        membership_rows.*
        exclude (area_code, person_id),
        false as is_conflict,
        null as birth_date_evidence,
        rung_pairs.link_rule,
        rung_pairs.is_linked,
        not rung_pairs.is_linked as is_open,
        rung_pairs.probability,
        rung_pairs.evidence,
    from rung_pairs
    inner join listed_people
        on
            rung_pairs.person_id = listed_people.person_id
            and rung_pairs.person_no = listed_people.person_no
    inner join snapshot_areas on listed_people.area_code = snapshot_areas.area_code
    inner join membership_rows on rung_pairs.other_id = membership_rows.person_id
),

all_pairs as (
    select *, from pairs_judged
    union all by name
    select *, from pairs_by_rung
)

select
    area_code,
    worker_group,
    person_id,
    membership_id,
    segment,
    payer,
    sector,
    participation_state,
    case participation_state
        when 'active' then 1
        when 'grace_1' then 2
        when 'grace_2' then 3
        else 4
    end as state_rank,
    is_new,
    has_jkk,
    has_jkm,
    has_jht,
    has_jp,
    has_jkp,
    is_conflict,
    birth_date_evidence,
    link_rule,
    is_linked,
    is_open,
    probability,
    evidence,
from all_pairs;
