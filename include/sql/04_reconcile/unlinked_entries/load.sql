-- table:   people_left, decided_now, decided_links, unlinked_entries (temporary),
--          free_participants (temporary view)
-- grain:   people_left: one row per person of the lists no equal NIK finds in the
--          extract; decided_now: those beside a participant a steward decided about;
--          unlinked_entries: people_left and quarantined rows without a usable NIK, less
--          decided_links; free_participants: membership of a person no list has by NIK
-- inputs:  listed_people, quarantined_rows, membership_rows, snapshot_areas, inputs,
--          decided_pairs, found_ids, people_set_apart, macro pair_key
-- params:  none
-- re-run:  replaces all
--
-- What is left for the other rungs of the ladder. A conflict (equal NIK, another person)
-- is not left over: it waits for a steward, and so does the participant. A decision
-- holds where both sides are there as the steward saw them (pair_key); who is decided to
-- be the same is out of the search, also when another list has the participant by NIK.
create or replace temp table people_left as
select
    listed_people.person_id,
    listed_people.person_no,
    listed_people.person_id::varchar
    || if(listed_people.person_no = 1, '', ':' || listed_people.person_no) as entry_id,
    listed_people.area_code,
    listed_people.worker_group,
    listed_people.nik,
    listed_people.name,
    listed_people.birth_date,
    listed_people.sex,
    listed_people.village_code,
from listed_people
inner join snapshot_areas on listed_people.area_code = snapshot_areas.area_code
left join people_set_apart
    on
        listed_people.person_id = people_set_apart.person_id
        and listed_people.person_no = people_set_apart.person_no
anti join found_ids
    on
        listed_people.person_id = found_ids.person_id
        and people_set_apart.person_id is null
qualify row_number() over (
    partition by listed_people.person_id, listed_people.person_no
    order by
        listed_people.group_rank asc,
        listed_people.area_code asc
) = 1;

create or replace temp table decided_now as
with pairs_of_decided as materialized (
    select
        people_left.entry_id,
        people_left.person_id,
        people_left.person_no,
        people_left.area_code,
        people_left.worker_group,
        decided_pairs.other_id,
        decided_pairs.pair_id,
        decided_pairs.decision,
        pair_key(
            people_left.person_id, people_left.birth_date, decided_pairs.other_id
        ) as pair_key,
    from people_left
    inner join decided_pairs on people_left.person_id = decided_pairs.person_id
)

select pairs_of_decided.* exclude (pair_id, pair_key),
from pairs_of_decided
semi join membership_rows on pairs_of_decided.other_id = membership_rows.person_id
where pairs_of_decided.pair_key = pairs_of_decided.pair_id;

-- one to one, also where stewards contradict each other
create or replace temp table decided_links as
with one_participant_each as (
    select *,
    from decided_now
    where decision = 'same'
    qualify row_number() over (partition by entry_id order by other_id) = 1
)

select *,
from one_participant_each
qualify row_number() over (partition by other_id order by entry_id) = 1;

create or replace temp table unlinked_entries as
with entries as (
    select people_left.*,
    from people_left
    anti join decided_links on people_left.entry_id = decided_links.entry_id
    union all by name
    select
        quarantined_rows.submission_id || ':' || quarantined_rows.source_row
            as entry_id,
        inputs.area_code,
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
from entries;

create or replace temp view free_participants as
select membership_rows.*,
from membership_rows
anti join found_ids on membership_rows.person_id = found_ids.person_id
anti join decided_links on membership_rows.person_id = decided_links.other_id;
