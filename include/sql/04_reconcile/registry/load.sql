-- table:   entry_states, entries_funded (temporary), registry (temporary table) ->
--          core.registry
-- grain:   one row per registering area, worker group and person of the month
-- inputs:  registry_rows, pairs, funding_of_entries, snapshot_areas, slice, macro
--          rule_rank
-- params:  none
-- re-run:  replaces the three; the slice (month, province) is replaced whole
--
-- Rule 3. The best state of the memberships that are this person's wins: active,
-- grace_1, grace_2, lapsed. Only memberships nobody knows to be this person's: review.
-- None at all: not_enrolled. No extract that covers the registering area: NULL (rule 4).
-- link_rule is that of the membership which decides; of several, the strongest.
--
-- One table after the other: two joins of everybody at once take more memory than one, in
-- a province of ten times the size nearly all there is.
create or replace temp table entry_states as
select
    area_code,
    worker_group,
    person_id,
    min(state_rank) filter (where is_linked) as state_rank,
    bool_or(is_conflict and link_rule = 'nik_conflict') as has_conflict,
    bool_or(is_open) as is_open,
    arg_min(
        link_rule,
        if(is_linked, 0, 200)
        + if(is_open, 0, 100)
        + state_rank * 10
        + rule_rank(link_rule)
    ) as link_rule,
    bool_and(is_new) filter (where is_linked and state_rank < 4) as is_new,
    bool_or(has_jkk) filter (where is_linked and state_rank < 4) as has_jkk,
    bool_or(has_jkm) filter (where is_linked and state_rank < 4) as has_jkm,
    bool_or(has_jht) filter (where is_linked and state_rank < 4) as has_jht,
    bool_or(has_jp) filter (where is_linked and state_rank < 4) as has_jp,
    bool_or(has_jkp) filter (where is_linked and state_rank < 4) as has_jkp,
    bool_or(segment = 'PU' and state_rank < 4 and is_linked)
        as is_active_wage_worker,
from pairs
group by area_code, worker_group, person_id;

create or replace temp table entries_funded as
select
    funding_of_entries.*,
    entry_states.person_id is not null as has_state,
    entry_states.* exclude (area_code, worker_group, person_id),
from funding_of_entries
left join entry_states
    on
        funding_of_entries.area_code = entry_states.area_code
        and funding_of_entries.worker_group = entry_states.worker_group
        and funding_of_entries.person_id = entry_states.person_id;

create or replace temp table registry as
select
    slice.coverage_month,
    slice.province_code,
    registry_rows.area_code,
    registry_rows.worker_group,
    registry_rows.group_rank,
    registry_rows.person_id,
    registry_rows.village_code,
    registry_rows.payer,
    entries_funded.funding_payer,
    entries_funded.expected_rupiah,
    registry_rows.registration_status,
    registry_rows.position,
    registry_rows.income_rupiah,
    registry_rows.start_date,
    registry_rows.end_date,
    registry_rows.age_years,
    registry_rows.is_ineligible,
    registry_rows.is_reaching_age_limit,
    registry_rows.submission_id,
    registry_rows.source_row,
    case
        when snapshot_areas.area_code is null then null
        when not entries_funded.has_state then 'not_enrolled'
        when entries_funded.state_rank is null and not entries_funded.is_open
            then 'not_enrolled'
        when entries_funded.state_rank = 1 then 'active'
        when entries_funded.state_rank = 2 then 'grace_1'
        when entries_funded.state_rank = 3 then 'grace_2'
        when entries_funded.state_rank = 4 then 'lapsed'
        else 'review'
    end as protection_state,
    entries_funded.is_new,
    nullif(
        concat_ws(
            ',',
            case when entries_funded.has_jkk then 'JKK' end,
            case when entries_funded.has_jkm then 'JKM' end,
            case when entries_funded.has_jht then 'JHT' end,
            case when entries_funded.has_jp then 'JP' end,
            case when entries_funded.has_jkp then 'JKP' end
        ),
        ''
    ) as programmes,
    case
        when entries_funded.state_rank is not null or entries_funded.is_open
            then entries_funded.link_rule
    end as link_rule,
    coalesce(entries_funded.has_conflict, false) as has_conflict,
    coalesce(entries_funded.is_active_wage_worker, false) as is_active_wage_worker,
from registry_rows
cross join slice
inner join entries_funded
    on
        registry_rows.area_code = entries_funded.area_code
        and registry_rows.worker_group = entries_funded.worker_group
        and registry_rows.person_id = entries_funded.person_id
left join snapshot_areas on registry_rows.area_code = snapshot_areas.area_code;
