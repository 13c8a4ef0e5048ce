-- table:   rung_pairs, linked_persons, counted_as (temporary)
-- grain:   one row per entry without equal NIK and participant it may be; one row per
--          person of the lists linked to a participant under another pseudonym; one row
--          per such participant no list has by the right NIK
-- inputs:  engine_pairs (from the matching engine, by its ids), candidate_pairs,
--          unlinked_entries, decided_links, found_ids
-- params:  none
-- re-run:  replaces all
--
-- Linked: by the engine above its threshold, or because a steward said so. The others
-- wait for a steward; a person already linked waits for nobody. counted_as: memberships
-- and payments of a participant go to the person of the list, unless another list has
-- the participant by the right NIK: then they stay there.
create or replace temp table rung_pairs as
with linked as (
    select *,
    from engine_pairs
    where is_link
),

in_doubt as (
    select engine_pairs.*,
    from engine_pairs
    anti join linked on engine_pairs.left_id = linked.left_id
    anti join linked as taken on engine_pairs.right_id = taken.right_id
),

of_the_engine as (
    select
        unlinked_entries.entry_id,
        unlinked_entries.person_id,
        unlinked_entries.person_no,
        unlinked_entries.area_code,
        unlinked_entries.worker_group,
        candidate_pairs.person_id as other_id,
        engine_rows.rule as link_rule,
        engine_rows.probability,
        engine_rows.evidence,
        engine_rows.is_link as is_linked,
    from (
        select *, from linked
        union all
        select *, from in_doubt
    ) as engine_rows
    inner join candidate_pairs
        on
            engine_rows.left_id = candidate_pairs.left_id
            and engine_rows.right_id = candidate_pairs.right_id
            and candidate_pairs.is_wanted
    inner join unlinked_entries
        on candidate_pairs.entry_id = unlinked_entries.entry_id
)

select *, from of_the_engine
union all by name
select
    entry_id,
    person_id,
    person_no,
    area_code,
    worker_group,
    other_id,
    'steward' as link_rule,
    1 as probability,
    'keputusan=sama' as evidence,
    true as is_linked,
from decided_links;

create or replace temp table linked_persons as
select
    person_id,
    other_id,
from rung_pairs
where is_linked and person_id is not null;

create or replace temp table counted_as as
select linked_persons.*,
from linked_persons
anti join found_ids on linked_persons.other_id = found_ids.person_id;
