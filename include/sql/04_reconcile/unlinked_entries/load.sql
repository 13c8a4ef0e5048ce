-- table:   registered_ids, decided_conflicts, found_ids, unlinked_entries (temporary),
--          free_participants (temporary view)
-- grain:   one row per person of the lists no equal NIK finds in the extract, and per
--          quarantined row without a usable NIK; free_participants: membership of a
--          person no list has by NIK
-- inputs:  registry_rows, quarantined_rows, membership_rows, snapshot_areas, inputs,
--          decided_pairs
-- params:  none
-- re-run:  replaces all
--
-- What is left for the other rungs of the ladder. A conflict (equal NIK, another person)
-- is not left over: it waits for a steward, and so does the participant; once the two
-- are decided to be different people, both are free. Who is decided to be the same is
-- out of the search.
create or replace temp table registered_ids as
select distinct person_id,
from registry_rows;

-- equal NIK, another person: the participant is told by the KPJ
create or replace temp table decided_conflicts as
with memberships_of_decided as materialized (
    select
        membership_rows.membership_id,
        membership_rows.kpj,
        decided_pairs.other_id,
        decided_pairs.decision,
    from membership_rows
    inner join decided_pairs on membership_rows.person_id = decided_pairs.person_id
)

select
    membership_id,
    decision,
from memberships_of_decided
where pseudonym('kpj:' || kpj) = other_id;

create or replace temp table found_ids as
select distinct membership_rows.person_id,
from membership_rows
semi join registered_ids on membership_rows.person_id = registered_ids.person_id
left join decided_conflicts
    on membership_rows.membership_id = decided_conflicts.membership_id
where decided_conflicts.decision is distinct from 'different';

create or replace temp table unlinked_entries as
with first_entries as (
    select
        registry_rows.person_id,
        registry_rows.area_code,
        registry_rows.nik,
        registry_rows.name,
        registry_rows.birth_date,
        registry_rows.sex,
        registry_rows.village_code,
    from registry_rows
    inner join snapshot_areas on registry_rows.area_code = snapshot_areas.area_code
    anti join found_ids on registry_rows.person_id = found_ids.person_id
    qualify row_number() over (
        partition by registry_rows.person_id
        order by
            registry_rows.group_rank asc,
            registry_rows.area_code asc
    ) = 1
),

entries as (
    select
        person_id::varchar as entry_id,
        person_id,
        area_code,
        nik,
        name,
        birth_date,
        sex,
        village_code,
    from first_entries
    union all
    select
        quarantined_rows.submission_id || ':' || quarantined_rows.source_row
            as entry_id,
        null as person_id,
        inputs.area_code,
        null as nik,
        quarantined_rows.name,
        quarantined_rows.birth_date,
        quarantined_rows.sex,
        quarantined_rows.village_code,
    from quarantined_rows
    inner join inputs on quarantined_rows.submission_id = inputs.submission_id
    inner join snapshot_areas on inputs.area_code = snapshot_areas.area_code
)

select
    entries.*,
    if(
        length(entries.area_code) = 2,
        left(entries.village_code, 5),
        entries.area_code
    ) as regency_code,
from entries
anti join decided_pairs
    on
        entries.person_id = decided_pairs.person_id
        and decided_pairs.decision = 'same';

create or replace temp view free_participants as
select membership_rows.*,
from membership_rows
anti join found_ids on membership_rows.person_id = found_ids.person_id
anti join decided_pairs
    on
        membership_rows.person_id = decided_pairs.other_id
        and decided_pairs.decision = 'same';
