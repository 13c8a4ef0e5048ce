-- table:   open_pairs (temporary), review_pairs (temporary view) -> core.review_pairs
-- grain:   one row per pair of a registered person and a participant in doubt
-- inputs:  pairs, rung_pairs, registry_rows, membership_rows, decided_pairs, slice,
--          macro pseudonym
-- params:  none
-- re-run:  replaces both; the slice (month, province) is replaced whole
--
-- Equal NIK but another person, likely pairs below the threshold, and likely pairs
-- with two usable NIKs that differ. Where the NIK is equal the participant is told by
-- the KPJ. The entry shown is the first of the person, the membership the first by KPJ.
-- Pairs decided to be the same or different are not open; unsure ones still are.
create or replace temp table open_pairs as
with conflicts as (
    select
        pairs.person_id,
        pairs.area_code,
        pairs.worker_group,
        pairs.membership_id,
        pairs.link_rule,
        0.05 as probability,
        'nik=equal;name=differs;birth_date=differs' as evidence,
    from pairs
    where pairs.is_open and pairs.is_conflict
),

doubts as (
    select
        rung_pairs.person_id,
        registry_rows.area_code,
        registry_rows.worker_group,
        membership_rows.membership_id,
        rung_pairs.link_rule,
        rung_pairs.probability,
        rung_pairs.evidence,
    from rung_pairs
    inner join registry_rows on rung_pairs.person_id = registry_rows.person_id
    inner join membership_rows on rung_pairs.other_id = membership_rows.person_id
    where not rung_pairs.is_linked
),

all_doubts as (
    select *, from conflicts
    union all
    select *, from doubts
),

with_both_sides as materialized (
    select
        all_doubts.person_id,
        all_doubts.link_rule,
        all_doubts.probability,
        all_doubts.evidence,
        all_doubts.area_code,
        all_doubts.worker_group,
        registry_rows.group_rank,
        registry_rows.submission_id,
        registry_rows.source_row,
        registry_rows.nik,
        registry_rows.name,
        registry_rows.birth_date,
        registry_rows.sex,
        registry_rows.village_code,
        registry_rows.address,
        membership_rows.membership_id as other_membership_id,
        membership_rows.person_id as other_person_id,
        membership_rows.kpj as other_kpj,
        membership_rows.nik as other_nik,
        membership_rows.name as other_name,
        membership_rows.birth_date as other_birth_date,
        membership_rows.sex as other_sex,
        membership_rows.village_code as other_village_code,
        membership_rows.area_code as other_area_code,
    from all_doubts
    inner join registry_rows
        on
            all_doubts.person_id = registry_rows.person_id
            and all_doubts.area_code = registry_rows.area_code
            and all_doubts.worker_group = registry_rows.worker_group
    inner join membership_rows
        on all_doubts.membership_id = membership_rows.membership_id
),

with_their_keys as (
    select
        with_both_sides.*,
        if(
            link_rule = 'nik_conflict',
            pseudonym('kpj:' || other_kpj),
            other_person_id
        ) as other_id,
    from with_both_sides
),

once as (
    select *,
    from with_their_keys
    qualify row_number() over (
        partition by person_id, other_id
        order by
            group_rank asc,
            area_code asc,
            other_kpj asc,
            other_membership_id asc
    ) = 1
)

select
    once.*,
    md5(once.person_id::varchar || ':' || once.other_id::varchar)::uuid as pair_id,
from once;

create or replace temp view review_pairs as
select
    slice.coverage_month,
    slice.province_code,
    open_pairs.pair_id,
    open_pairs.area_code,
    open_pairs.worker_group,
    open_pairs.person_id,
    open_pairs.other_id,
    open_pairs.link_rule,
    open_pairs.probability,
    open_pairs.evidence,
    decided_pairs.decision,
    open_pairs.submission_id,
    open_pairs.source_row,
from open_pairs
cross join slice
left join decided_pairs on open_pairs.pair_id = decided_pairs.pair_id;
