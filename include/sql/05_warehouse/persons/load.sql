-- table:   core.persons
-- grain:   one row per person and province
-- inputs:  staged_persons (temporary: persons of the month), vault.identities (before
--          this month is merged into it)
-- params:  province_code, coverage_month
-- re-run:  same rows, same result; persons of other months stay
--
-- Only rows that change are written. The earliest month is kept as first seen; what is
-- known of a person comes from the latest month in which the person appears.
-- sqlfluff:dialect:postgres
create temp table changed_persons on commit drop as
select
    staged.person_id,
    staged.key_id,
    staged.identified_by,
    staged.birth_year,
    staged.sex,
    staged.first_seen_month,
    persons.person_id is null as is_new,
    later.person_id is null as is_latest
from staged_persons as staged
left join core.persons as persons
    on
        staged.person_id = persons.person_id
        and persons.province_code = :province_code
left join vault.identities as later
    on
        staged.person_id = later.person_id
        and later.province_code = :province_code
        and later.last_seen_month > :coverage_month
where
    persons.person_id is null
    or staged.first_seen_month < persons.first_seen_month
    or (
        persons.key_id, persons.identified_by, persons.birth_year, persons.sex
    ) is distinct from (
        staged.key_id, staged.identified_by, staged.birth_year, staged.sex
    );

update core.persons
set first_seen_month = changed.first_seen_month
from changed_persons as changed
where
    persons.province_code = :province_code
    and persons.person_id = changed.person_id
    and changed.first_seen_month < persons.first_seen_month;

update core.persons
set
    key_id = changed.key_id,
    identified_by = changed.identified_by,
    birth_year = changed.birth_year,
    sex = changed.sex
from changed_persons as changed
where
    persons.province_code = :province_code
    and persons.person_id = changed.person_id
    and changed.is_latest;

insert into core.persons (
    person_id, province_code, key_id, identified_by, birth_year, sex, first_seen_month
)
select
    changed.person_id,
    :province_code as province_code,
    changed.key_id,
    changed.identified_by,
    changed.birth_year,
    changed.sex,
    changed.first_seen_month
from changed_persons as changed
where changed.is_new;
