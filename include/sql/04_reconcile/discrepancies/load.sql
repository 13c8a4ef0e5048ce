-- table:   discrepancies (temporary view) -> core.discrepancies
-- grain:   one row per area, kind and person; nik_invalid: per quarantined row
-- inputs:  registry, registry_rows, registry_pairs, membership_rows, registry_areas,
--          quarantined_rows, inputs, slice
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- The area is the one that registered the person; for active_not_registered and
-- double_funded the regency of the BPJS extract. A person whom an area has in two
-- groups is one row there: the group is the first by the order of the eligibility
-- table, the detail names all. Kinds that need a state are silent where no extract
-- covers the area. Two entries with the same NIK but another name and birth date are an
-- identity_conflict, no double registration. double_funded: two known payers have both
-- paid a BPU membership of the person for this very month.
-- Not here, as they need datasets of later work: became_asn, deceased, paid_not_active.
create or replace temp view discrepancies as
with registered_states as (
    select
        area_code,
        person_id,
        worker_group,
        group_rank,
        case protection_state
            when 'not_enrolled' then 'not_enrolled'
            when 'lapsed' then 'lapsed'
            when 'grace_1' then 'in_grace'
            when 'grace_2' then 'in_grace'
        end as kind,
        case protection_state
            when 'grace_1' then 'menunggak=1 bulan'
            when 'grace_2' then 'menunggak=2 bulan'
        end as fact,
        submission_id,
        source_row,
    from registry
    where protection_state in ('not_enrolled', 'lapsed', 'grace_1', 'grace_2')
),

entries_listed_often as (
    select
        person_id,
        area_code,
        worker_group,
        bool_or(is_conflict) as has_namesake,
        count(*) filter (where not is_conflict) > 1 as is_listed_twice,
        string_agg(distinct other_area_code, '+' order by other_area_code)
        filter (where not is_conflict) as area_codes,
        string_agg(distinct other_worker_group, '+' order by other_worker_group)
        filter (where not is_conflict) as worker_groups,
    from registry_pairs
    group by person_id, area_code, worker_group
),

registered_twice as (
    select
        registry.area_code,
        registry.person_id,
        registry.worker_group,
        registry.group_rank,
        'double_registered' as kind,
        'wilayah=' || entries_listed_often.area_codes
        || ';kelompok=' || entries_listed_often.worker_groups as fact,
        registry.submission_id,
        registry.source_row,
    from registry
    inner join entries_listed_often
        on
            registry.person_id = entries_listed_often.person_id
            and registry.area_code = entries_listed_often.area_code
            and registry.worker_group = entries_listed_often.worker_group
    where entries_listed_often.is_listed_twice
),

covered_by_an_employer as (
    select
        area_code,
        person_id,
        worker_group,
        group_rank,
        'covered_by_employer' as kind,
        null as fact,
        submission_id,
        source_row,
    from registry
    where worker_group = 'pekerja_rentan' and is_active_wage_worker
),

of_ineligible_age as (
    select
        area_code,
        person_id,
        worker_group,
        group_rank,
        'ineligible_age' as kind,
        null as fact,
        submission_id,
        source_row,
    from registry
    where is_ineligible
),

with_another_identity as (
    select
        registry.area_code,
        registry.person_id,
        registry.worker_group,
        registry.group_rank,
        'identity_conflict' as kind,
        concat_ws(
            ';',
            'name=differs;birth_date=differs',
            'sumber=' || concat_ws(
                '+',
                if(registry.has_conflict, 'bpjs', null),
                if(entries_listed_often.has_namesake, 'daftar', null)
            )
        ) as fact,
        registry.submission_id,
        registry.source_row,
    from registry
    left join entries_listed_often
        on
            registry.person_id = entries_listed_often.person_id
            and registry.area_code = entries_listed_often.area_code
            and registry.worker_group = entries_listed_often.worker_group
    where registry.has_conflict or entries_listed_often.has_namesake
),

entries as (
    select *, from registered_states
    union all
    select *, from registered_twice
    union all
    select *, from covered_by_an_employer
    union all
    select *, from of_ineligible_age
    union all
    select *, from with_another_identity
),

from_the_registries as (
    select
        area_code,
        kind,
        person_id,
        arg_min(worker_group, group_rank) as worker_group,
        concat_ws(
            ';',
            arg_min(fact, group_rank),
            if(
                count(*) > 1 and kind <> 'double_registered',
                'kelompok=' || string_agg(worker_group, '+' order by worker_group),
                null
            )
        ) as detail,
        arg_min(submission_id, group_rank) as submission_id,
        arg_min(source_row, group_rank) as source_row,
    from entries
    group by area_code, kind, person_id
),

publicly_paid_unknown as (
    select
        membership_rows.area_code,
        'active_not_registered' as kind,
        membership_rows.person_id,
        null as worker_group,
        'sumber_iuran=' || string_agg(
            distinct membership_rows.payer, '+'
            order by membership_rows.payer
        ) as detail,
        min((membership_rows.submission_id, membership_rows.source_row)) as origin,
    from membership_rows
    semi join registry_areas on membership_rows.area_code = registry_areas.area_code
    anti join registry_rows on membership_rows.person_id = registry_rows.person_id
    where
        membership_rows.participation_state <> 'lapsed'
        and membership_rows.payer in (
            'apbd_prov', 'apbd_kab', 'apbdes', 'dbh_sawit', 'csr', 'apbn', 'campuran'
        )
    group by membership_rows.area_code, membership_rows.person_id
),

paid_for_this_month as (
    select
        area_code,
        person_id,
        payer,
        submission_id,
        source_row,
    from membership_rows
    where
        segment = 'BPU'
        and participation_state = 'active'
        and payer <> 'tidak_diketahui'
),

paid_by_two as (
    select
        person_id,
        string_agg(distinct payer, '+' order by payer) as payers,
    from paid_for_this_month
    group by person_id
    having min(payer) <> max(payer)
),

funded_twice as (
    select
        paid_for_this_month.area_code,
        'double_funded' as kind,
        paid_for_this_month.person_id,
        null as worker_group,
        'sumber_iuran=' || min(paid_by_two.payers) as detail,
        min((paid_for_this_month.submission_id, paid_for_this_month.source_row))
            as origin,
    from paid_for_this_month
    inner join paid_by_two on paid_for_this_month.person_id = paid_by_two.person_id
    group by paid_for_this_month.area_code, paid_for_this_month.person_id
),

from_the_extracts as (
    select *, from publicly_paid_unknown
    union all
    select *, from funded_twice
),

without_a_usable_nik as (
    select
        inputs.area_code,
        'nik_invalid' as kind,
        null::uuid as person_id,
        inputs.dataset as worker_group,
        'kode=' || quarantined_rows.nik_code as detail,
        inputs.submission_id,
        quarantined_rows.source_row,
    from quarantined_rows
    inner join inputs on quarantined_rows.submission_id = inputs.submission_id
),

all_discrepancies as (
    select
        area_code,
        kind,
        person_id,
        worker_group,
        detail,
        submission_id,
        source_row,
    from from_the_registries
    union all
    select
        area_code,
        kind,
        person_id,
        worker_group,
        detail,
        origin[1] as submission_id,
        origin[2] as source_row,
    from from_the_extracts
    union all
    select *, from without_a_usable_nik
)

select
    slice.coverage_month,
    slice.province_code,
    all_discrepancies.area_code,
    all_discrepancies.kind,
    all_discrepancies.person_id,
    all_discrepancies.worker_group,
    all_discrepancies.detail,
    null::decimal(18, 0) as rupiah,
    all_discrepancies.submission_id,
    all_discrepancies.source_row,
from all_discrepancies
cross join slice;
