-- table:   links (temporary view) -> core.links
-- grain:   one row per registered person and membership of the month
-- inputs:  pairs, slice, macro rule_rank
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- A person in two registries is linked when the entry of one of them agrees. Pairs that
-- are no link are here too: link_state says which count.
create or replace temp view links as
with pairs_by_person as (
    select
        person_id,
        membership_id,
        bool_and(is_conflict) as is_conflict,
        bool_or(is_linked) as is_linked,
        bool_or(is_open) as is_open,
        arg_min(link_rule, if(is_linked, 0, 10) + rule_rank(link_rule)) as link_rule,
        min(probability) as probability,
        min(evidence) as evidence,
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
    pairs_by_person.link_rule,
    case
        when pairs_by_person.probability is not null then pairs_by_person.probability
        when pairs_by_person.is_linked then 1
        else 0.05
    end as probability,
    case
        when pairs_by_person.evidence is not null then pairs_by_person.evidence
        when pairs_by_person.is_conflict then 'name=differs;birth_date=differs'
        when pairs_by_person.is_birth_date_equal then 'nik=equal;birth_date=equal'
        else 'nik=equal;' || pairs_by_person.birth_date_evidence
    end as evidence,
    case
        when pairs_by_person.is_linked then 'linked'
        when pairs_by_person.is_open then 'review'
        else 'different'
    end as link_state,
from pairs_by_person
cross join slice;
