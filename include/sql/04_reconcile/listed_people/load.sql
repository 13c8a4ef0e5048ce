-- table:   namesakes (temporary), listed_people (temporary view)
-- grain:   namesakes: one row per entry about another person than the first one listed
--          under its NIK; listed_people: as registry_rows
-- inputs:  registry_rows, registry_pairs
-- params:  none
-- re-run:  replaces both
--
-- A NIK typed wrong may be somebody else's, so there may be several people under one NIK
-- (is_another_person). Each is searched and decided about alone: person_no is the number
-- of the first entry under the NIK that is not another person.
create or replace temp table namesakes as
with ids_of_several as (
    select distinct person_id,
    from registry_pairs
    where is_conflict
),

entries_numbered as (
    select
        registry_rows.person_id,
        registry_rows.area_code,
        registry_rows.worker_group,
        row_number() over (
            partition by registry_rows.person_id
            order by
                registry_rows.group_rank asc,
                registry_rows.area_code asc
        ) as entry_no,
    from registry_rows
    semi join ids_of_several on registry_rows.person_id = ids_of_several.person_id
)

select
    registry_pairs.person_id,
    registry_pairs.area_code,
    registry_pairs.worker_group,
    min(entries_numbered.entry_no) as person_no,
from registry_pairs
inner join entries_numbered
    on
        registry_pairs.person_id = entries_numbered.person_id
        and registry_pairs.other_area_code = entries_numbered.area_code
        and registry_pairs.other_worker_group = entries_numbered.worker_group
where not registry_pairs.is_conflict
group by
    registry_pairs.person_id, registry_pairs.area_code, registry_pairs.worker_group
having min(entries_numbered.entry_no) > 1;

create or replace temp view listed_people as
select
    registry_rows.*,
    coalesce(namesakes.person_no, 1) as person_no,
from registry_rows
left join namesakes
    on
        registry_rows.person_id = namesakes.person_id
        and registry_rows.area_code = namesakes.area_code
        and registry_rows.worker_group = namesakes.worker_group;
