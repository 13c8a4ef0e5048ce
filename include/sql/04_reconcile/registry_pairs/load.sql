-- table:   registry_pairs (temporary)
-- grain:   one row per ordered pair of entries of two registries with the same NIK, an
--          entry beside itself included; only persons with more than one entry
-- inputs:  registry_rows, macro is_another_person
-- params:  none
-- re-run:  replaces the table
--
-- Two entries with the same NIK are one person registered twice, or two people of whom
-- one has a wrong NIK: the same rule tells them apart as beside the BPJS extract.
create or replace temp table registry_pairs as
with persons_listed_often as (
    select person_id,
    from registry_rows
    group by person_id
    having count(*) > 1
),

their_entries as (
    select
        registry_rows.person_id,
        registry_rows.area_code,
        registry_rows.worker_group,
        registry_rows.name,
        registry_rows.birth_date,
    from registry_rows
    semi join persons_listed_often
        on registry_rows.person_id = persons_listed_often.person_id
)

select
    entry.person_id,
    entry.area_code,
    entry.worker_group,
    other_entry.area_code as other_area_code,
    other_entry.worker_group as other_worker_group,
    is_another_person(
        entry.name, entry.birth_date, other_entry.name, other_entry.birth_date
    ) as is_conflict,
from their_entries as entry
inner join their_entries as other_entry on entry.person_id = other_entry.person_id;
