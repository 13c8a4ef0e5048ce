-- table:   links (temporary view) -> core.links
-- grain:   one row per registered person and membership of the month
-- inputs:  pairs, slice
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- A person in two registries is linked when the entry of one of them agrees.
create or replace temp view links as
with pairs_by_person as (
    select
        person_id,
        membership_id,
        bool_and(is_conflict) as is_conflict,
        min(birth_date_evidence) filter (where not is_conflict) as birth_date_evidence,
        bool_or(birth_date_evidence = 'birth_date=equal') as is_birth_date_equal,
    from pairs
    group by person_id, membership_id
)

select
    slice.coverage_month,
    slice.province_code,
    pairs_by_person.person_id,
    pairs_by_person.membership_id,
    case
        when pairs_by_person.is_conflict then 'nik_conflict'
        else 'nik_equal'
    end as link_rule,
    case
        when pairs_by_person.is_conflict then 0.05
        else 1
    end as probability,
    case
        when pairs_by_person.is_conflict then 'name=differs;birth_date=differs'
        when pairs_by_person.is_birth_date_equal then 'nik=equal;birth_date=equal'
        else 'nik=equal;' || pairs_by_person.birth_date_evidence
    end as evidence,
from pairs_by_person
cross join slice;
