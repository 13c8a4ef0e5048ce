-- table:   background, linkage_entries, linkage_participants (temporary)
-- grain:   one row per participant; one row per person of each side, text columns as
--          the matching engine reads
-- inputs:  candidate_pairs, unlinked_entries, registry_rows, membership_rows, macro
--          identity_of
-- params:  background: participants added for comparison
-- re-run:  replaces both
--
-- The two sides of the candidate pairs. With them participants by a hash of their
-- number, as good as at random and the same under any key: from these the engine learns
-- how common a name or a birth date is. Those of them who are registered under the same
-- NIK come with their entry, as pairs known to be one person.
create or replace temp table background as
with participants as (
    select
        person_id,
        sha256(min(identity_of(nik, kpj))) as place,
    from membership_rows
    group by person_id
),

chosen as (
    select *,
    from participants
    order by place
    limit $background
)

select
    person_id,
    'k' || lpad((row_number() over (order by place))::varchar, 12, '0') as id,
from chosen;

create or replace temp table linkage_participants as
with candidates as (
    select distinct
        person_id,
        right_id as id,
    from candidate_pairs
),

chosen as (
    select *, from candidates
    union all
    select background.*,
    from background
    anti join candidates on background.person_id = candidates.person_id
)

select
    chosen.id,
    membership_rows.nik,
    membership_rows.name,
    membership_rows.birth_date::varchar as birth_date,
    membership_rows.sex,
    membership_rows.village_code,
    membership_rows.area_code as regency_code,
from membership_rows
inner join chosen on membership_rows.person_id = chosen.person_id
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
        background.id,
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
    inner join background on registry_rows.person_id = background.person_id
    anti join unlinked_entries
        on registry_rows.person_id = unlinked_entries.person_id
    qualify row_number() over (
        partition by registry_rows.person_id
        order by
            registry_rows.group_rank asc,
            registry_rows.area_code asc
    ) = 1
),

candidates as (
    select distinct
        entry_id,
        left_id as id,
    from candidate_pairs
)

select *, from known
union all
select
    candidates.id,
    unlinked_entries.nik,
    unlinked_entries.name,
    unlinked_entries.birth_date::varchar as birth_date,
    unlinked_entries.sex,
    unlinked_entries.village_code,
    unlinked_entries.regency_code,
from unlinked_entries
inner join candidates on unlinked_entries.entry_id = candidates.entry_id;
