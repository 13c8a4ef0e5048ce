-- table:   doubts, pairs_in_doubt, shown_pairs (temporary), review_pairs (temporary
--          view) -> core.review_pairs
-- grain:   one row per pair of a registered person and a participant in doubt, or that a
--          steward decided about
-- inputs:  pairs, rung_pairs, decided_now, registry_rows, membership_rows,
--          decided_pairs, slice, macros pseudonym and pair_key
-- params:  none
-- re-run:  replaces the four; the slice (month, province) is replaced whole
--
-- Equal NIK but another person, likely pairs below the threshold, and likely pairs
-- with two usable NIKs that differ. Where the NIK is equal the participant is told by
-- the KPJ. The entry shown is the one that was compared, the membership the first by KPJ.
-- What is decided stays, so that it can be looked at and taken back. Which pairs these
-- are is found without their texts: half a million of them would not fit the memory. And
-- step by step: how many come out of two joins at once is guessed too high, and the larger
-- side would be put into the memory.
create or replace temp table doubts as
with conflicts as (
    select
        person_id,
        area_code,
        worker_group,
        membership_id,
        'nik_conflict' as link_rule,
        0.05 as probability,
        'nik=equal;name=differs;birth_date=differs' as evidence,
    from pairs
    where is_conflict
),

rungs as (
    select
        person_id,
        area_code,
        worker_group,
        other_id,
        link_rule,
        probability,
        evidence,
    from rung_pairs
    where not is_linked
    union all
    select
        person_id,
        area_code,
        worker_group,
        other_id,
        'steward' as link_rule,
        if(decision = 'same', 1, 0) as probability,
        if(decision = 'same', 'keputusan=sama', 'keputusan=beda') as evidence,
    from decided_now
    where decision <> 'unsure'
)

select
    conflicts.person_id,
    conflicts.area_code,
    conflicts.worker_group,
    conflicts.link_rule,
    conflicts.probability,
    conflicts.evidence,
    membership_rows.membership_id,
    membership_rows.person_id as other_person_id,
    membership_rows.kpj as other_kpj,
from conflicts
inner join membership_rows on conflicts.membership_id = membership_rows.membership_id
union all
select
    rungs.person_id,
    rungs.area_code,
    rungs.worker_group,
    rungs.link_rule,
    rungs.probability,
    rungs.evidence,
    membership_rows.membership_id,
    membership_rows.person_id as other_person_id,
    membership_rows.kpj as other_kpj,
from rungs
inner join membership_rows on rungs.other_id = membership_rows.person_id;

create or replace temp table pairs_in_doubt as
with entries_in_doubt as materialized (
    select
        doubts.*,
        registry_rows.group_rank,
        registry_rows.birth_date,
    from doubts
    inner join registry_rows
        on
            doubts.person_id = registry_rows.person_id
            and doubts.area_code = registry_rows.area_code
            and doubts.worker_group = registry_rows.worker_group
),

with_their_keys as materialized (
    select
        entries_in_doubt.*,
        if(
            link_rule = 'nik_conflict',
            pseudonym('kpj:' || other_kpj),
            other_person_id
        ) as other_id,
    from entries_in_doubt
),

with_their_pair as materialized (
    select
        with_their_keys.*,
        pair_key(person_id, birth_date, other_id) as pair_id,
    from with_their_keys
)

select *,
from with_their_pair
qualify row_number() over (
    partition by pair_id
    order by
        group_rank asc,
        area_code asc,
        other_kpj asc,
        membership_id asc
) = 1;

create or replace temp table shown_pairs as
select
    pairs_in_doubt.pair_id,
    pairs_in_doubt.person_id,
    pairs_in_doubt.other_id,
    pairs_in_doubt.link_rule,
    pairs_in_doubt.probability,
    pairs_in_doubt.evidence,
    pairs_in_doubt.area_code,
    pairs_in_doubt.worker_group,
    registry_rows.submission_id,
    registry_rows.source_row,
    registry_rows.nik,
    registry_rows.name,
    registry_rows.birth_date,
    registry_rows.sex,
    registry_rows.village_code,
    registry_rows.address,
    pairs_in_doubt.other_kpj,
    membership_rows.nik as other_nik,
    membership_rows.name as other_name,
    membership_rows.birth_date as other_birth_date,
    membership_rows.sex as other_sex,
    membership_rows.village_code as other_village_code,
    membership_rows.area_code as other_area_code,
from pairs_in_doubt
inner join registry_rows
    on
        pairs_in_doubt.person_id = registry_rows.person_id
        and pairs_in_doubt.area_code = registry_rows.area_code
        and pairs_in_doubt.worker_group = registry_rows.worker_group
inner join membership_rows
    on pairs_in_doubt.membership_id = membership_rows.membership_id;

create or replace temp view review_pairs as
select
    slice.coverage_month,
    slice.province_code,
    shown_pairs.pair_id,
    shown_pairs.area_code,
    shown_pairs.worker_group,
    shown_pairs.person_id,
    shown_pairs.other_id,
    shown_pairs.link_rule,
    shown_pairs.probability,
    shown_pairs.evidence,
    decided_pairs.decision,
    shown_pairs.submission_id,
    shown_pairs.source_row,
from shown_pairs
cross join slice
left join decided_pairs on shown_pairs.pair_id = decided_pairs.pair_id;
