-- table:   decided_conflicts, people_set_apart, ids_set_apart, found_ids (temporary)
-- grain:   one row per entry and membership of the same NIK, but of another person, that
--          a steward decided about; per person of the lists; per NIK of nobody but such;
--          per participant a list has by NIK
-- inputs:  listed_people, registry_rows, membership_rows, decided_pairs, macros
--          is_another_person, pseudonym and pair_key
-- params:  none
-- re-run:  replaces all
--
-- Where the NIK is equal the participant is told by the KPJ. Once every membership of
-- their NIK is decided to be somebody else's, people are set apart: they are searched
-- like those whom no NIK finds. A participant is found while anybody under the NIK is
-- not set apart.
create or replace temp table decided_conflicts as
with people_of_decided as (
    select listed_people.*,
    from listed_people
    semi join decided_pairs on listed_people.person_id = decided_pairs.person_id
),

memberships_of_decided as materialized (
    select
        people_of_decided.person_id,
        people_of_decided.person_no,
        people_of_decided.area_code,
        people_of_decided.worker_group,
        people_of_decided.birth_date,
        membership_rows.membership_id,
        membership_rows.kpj,
    from people_of_decided
    inner join membership_rows
        on people_of_decided.person_id = membership_rows.person_id
    where
        is_another_person(
            people_of_decided.name,
            people_of_decided.birth_date,
            membership_rows.name,
            membership_rows.birth_date
        )
)

select
    memberships_of_decided.person_id,
    memberships_of_decided.person_no,
    memberships_of_decided.area_code,
    memberships_of_decided.worker_group,
    memberships_of_decided.membership_id,
    decided_pairs.decision,
from memberships_of_decided
inner join decided_pairs
    on
        memberships_of_decided.person_id = decided_pairs.person_id
        and decided_pairs.pair_id = pair_key(
            memberships_of_decided.person_id,
            memberships_of_decided.birth_date,
            pseudonym('kpj:' || memberships_of_decided.kpj)
        );

create or replace temp table people_set_apart as
with told_apart as (
    select *,
    from decided_conflicts
    where decision = 'different'
),

people_of_told_apart as (
    select listed_people.*,
    from listed_people
    semi join told_apart on listed_people.person_id = told_apart.person_id
),

memberships_left as (
    select
        people_of_told_apart.person_id,
        people_of_told_apart.person_no,
    from people_of_told_apart
    inner join membership_rows
        on people_of_told_apart.person_id = membership_rows.person_id
    anti join told_apart as decided
        on
            people_of_told_apart.person_id = decided.person_id
            and people_of_told_apart.area_code = decided.area_code
            and people_of_told_apart.worker_group = decided.worker_group
            and membership_rows.membership_id = decided.membership_id
)

select distinct
    told_apart.person_id,
    told_apart.person_no,
from told_apart
anti join memberships_left
    on
        told_apart.person_id = memberships_left.person_id
        and told_apart.person_no = memberships_left.person_no;

create or replace temp table ids_set_apart as
with people_of_one_set_apart as (
    select distinct
        listed_people.person_id,
        listed_people.person_no,
    from listed_people
    semi join people_set_apart on listed_people.person_id = people_set_apart.person_id
)

select people_of_one_set_apart.person_id,
from people_of_one_set_apart
left join people_set_apart
    on
        people_of_one_set_apart.person_id = people_set_apart.person_id
        and people_of_one_set_apart.person_no = people_set_apart.person_no
group by people_of_one_set_apart.person_id
having bool_and(people_set_apart.person_id is not null);

create or replace temp table found_ids as
select distinct membership_rows.person_id,
from membership_rows
semi join registry_rows on membership_rows.person_id = registry_rows.person_id
anti join ids_set_apart on membership_rows.person_id = ids_set_apart.person_id;
