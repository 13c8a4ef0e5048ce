-- table:   rung_pairs, linked_persons (temporary)
-- grain:   one row per entry without equal NIK and participant it may be; one row per
--          person of the lists linked to a participant under another pseudonym
-- inputs:  engine_pairs (from the matching engine), candidate_pairs, unlinked_entries,
--          decided_pairs, found_ids, registry_rows, membership_rows
-- params:  none
-- re-run:  replaces both
--
-- Linked: by the engine above its threshold, or because a steward said so. The others
-- wait for a steward; a person already linked waits for nobody.
create or replace temp table rung_pairs as
with free_members as (
    select membership_rows.person_id,
    from membership_rows
    semi join decided_pairs on membership_rows.person_id = decided_pairs.other_id
    anti join found_ids on membership_rows.person_id = found_ids.person_id
),

decided_same as (
    select distinct
        decided_pairs.person_id,
        decided_pairs.other_id,
    from decided_pairs
    semi join registry_rows on decided_pairs.person_id = registry_rows.person_id
    semi join free_members on decided_pairs.other_id = free_members.person_id
    anti join found_ids on decided_pairs.person_id = found_ids.person_id
    where decided_pairs.decision = 'same'
),

-- one to one, also where stewards contradict each other
decided_once as (
    select
        person_id,
        min(other_id) as other_id,
    from decided_same
    group by person_id
),

linked as (
    select *,
    from engine_pairs
    where is_link
),

in_doubt as (
    select engine_pairs.*,
    from engine_pairs
    anti join linked on engine_pairs.entry_id = linked.entry_id
    anti join linked as taken
        on engine_pairs.participant_id = taken.participant_id
),

of_the_engine as (
    select
        unlinked_entries.entry_id,
        unlinked_entries.person_id,
        engine_rows.participant_id::uuid as other_id,
        engine_rows.rule as link_rule,
        engine_rows.probability,
        engine_rows.evidence,
        engine_rows.is_link as is_linked,
    from (
        select *, from linked
        union all
        select *, from in_doubt
    ) as engine_rows
    inner join unlinked_entries on engine_rows.entry_id = unlinked_entries.entry_id
    inner join candidate_pairs
        on
            engine_rows.entry_id = candidate_pairs.entry_id
            and engine_rows.participant_id = candidate_pairs.person_id::varchar
            and candidate_pairs.is_wanted
)

select *, from of_the_engine
union all
select
    min(person_id)::varchar as entry_id,
    min(person_id) as person_id,
    other_id,
    'steward' as link_rule,
    1 as probability,
    'keputusan=sama' as evidence,
    true as is_linked,
from decided_once
group by other_id;

create or replace temp table linked_persons as
select
    person_id,
    other_id,
from rung_pairs
where is_linked and person_id is not null;
