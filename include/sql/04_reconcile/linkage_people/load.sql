-- table:   linkage_entries, linkage_participants (temporary)
-- grain:   one row per person of each side, text columns as the matching engine reads
-- inputs:  candidate_pairs, unlinked_entries, registry_rows, membership_rows
-- params:  background: participants added for comparison
-- re-run:  replaces both
--
-- The two sides of the candidate pairs. With them participants by pseudonym, which is
-- as good as at random: from these the engine learns how common a name or a birth date
-- is. Those of them who are registered under the same NIK come with their entry, as
-- pairs known to be one person.
create or replace temp table background_ids as
select person_id,
from membership_rows
group by person_id
order by person_id
limit $background;

create or replace temp table linkage_participants as
with chosen_ids as (
    select person_id, from candidate_pairs
    union
    select person_id, from background_ids
)

select
    membership_rows.person_id::varchar as id,
    membership_rows.nik,
    membership_rows.name,
    membership_rows.birth_date::varchar as birth_date,
    membership_rows.sex,
    membership_rows.village_code,
    membership_rows.area_code as regency_code,
from membership_rows
semi join chosen_ids on membership_rows.person_id = chosen_ids.person_id
qualify row_number() over (
    partition by membership_rows.person_id
    order by
        membership_rows.village_code asc nulls last,
        membership_rows.kpj asc,
        membership_rows.segment asc,
        membership_rows.payer asc
) = 1;

create or replace temp table linkage_entries as
with known as (
    select
        registry_rows.person_id::varchar as id,
        registry_rows.nik,
        registry_rows.name,
        registry_rows.birth_date::varchar as birth_date,
        registry_rows.sex,
        registry_rows.village_code,
        if(
            length(registry_rows.area_code) = 2,
            left(registry_rows.village_code, 5),
            registry_rows.area_code
        ) as regency_code,
    from registry_rows
    semi join background_ids on registry_rows.person_id = background_ids.person_id
    anti join unlinked_entries
        on registry_rows.person_id = unlinked_entries.person_id
    qualify row_number() over (
        partition by registry_rows.person_id
        order by
            registry_rows.group_rank asc,
            registry_rows.area_code asc
    ) = 1
)

select *, from known
union all
select
    unlinked_entries.entry_id as id,
    unlinked_entries.nik,
    unlinked_entries.name,
    unlinked_entries.birth_date::varchar as birth_date,
    unlinked_entries.sex,
    unlinked_entries.village_code,
    unlinked_entries.regency_code,
from unlinked_entries
semi join candidate_pairs on unlinked_entries.entry_id = candidate_pairs.entry_id;
