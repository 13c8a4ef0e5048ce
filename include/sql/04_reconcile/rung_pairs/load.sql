-- table:   rung_pairs, linked_persons (temporary)
-- grain:   one row per entry without equal NIK and participant it may be; one row per
--          person of the lists linked to a participant under another pseudonym
-- inputs:  engine_pairs (from the matching engine), candidate_pairs, unlinked_entries,
--          decided_links, found_ids
-- params:  none
-- re-run:  replaces both
--
-- Linked: by the engine above its threshold, or because a steward said so. The others
-- wait for a steward; a person already linked waits for nobody. is_listed_by_nik: a
-- list has the participant too, by the right NIK; payments are counted there.
create or replace temp table rung_pairs as
with linked as (
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
        unlinked_entries.person_no,
        unlinked_entries.area_code,
        unlinked_entries.worker_group,
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
    rung_pairs.person_id,
    rung_pairs.other_id,
    found_ids.person_id is not null as is_listed_by_nik,
from rung_pairs
left join found_ids on rung_pairs.other_id = found_ids.person_id
where rung_pairs.is_linked and rung_pairs.person_id is not null;
