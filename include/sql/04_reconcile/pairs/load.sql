-- table:   pairs (temporary)
-- grain:   one row per row of a registry and membership with the same NIK
-- inputs:  registry_rows, membership_rows, snapshot_areas, macro is_another_person
-- params:  none
-- re-run:  replaces the table
--
-- Only where an extract covers the registering area (rule 4: no data is not zero).
-- Rule 3: linked by equal NIK over the whole province; not the same person when birth
-- date and name both differ (see macros_identity.sql).
create or replace temp table pairs as
select
    registry_rows.area_code,
    registry_rows.worker_group,
    registry_rows.person_id,
    membership_rows.membership_id,
    membership_rows.segment,
    membership_rows.payer,
    membership_rows.sector,
    membership_rows.participation_state,
    case membership_rows.participation_state
        when 'active' then 1
        when 'grace_1' then 2
        when 'grace_2' then 3
        else 4
    end as state_rank,
    membership_rows.is_new,
    membership_rows.has_jkk,
    membership_rows.has_jkm,
    membership_rows.has_jht,
    membership_rows.has_jp,
    membership_rows.has_jkp,
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
inner join membership_rows on registry_rows.person_id = membership_rows.person_id;
