-- table:   discrepancies (temporary view) -> core.discrepancies
-- grain:   one row per area, kind and person; nik_invalid: per quarantined row
-- inputs:  registry, registry_rows, registry_pairs, membership_rows, registry_areas,
--          contributions, claims, person_flags, stakes, overpayments, quarantined_rows,
--          rung_pairs, ids_set_apart, inputs, slice, macros is_subsidised and
--          is_civil_servant
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
--
-- The area is the one that registered the person; for active_not_registered and
-- double_funded the regency of the BPJS extract. A person whom an area has in two
-- groups is one row there: the group is the first by the order of the eligibility
-- table, the detail names all. Kinds that need a state are silent where no extract
-- covers the area. Two entries with the same NIK but another name and birth date are an
-- identity_conflict, no double registration. A row quarantined for its NIK is no
-- registration; where the other columns tell the participant, the row names that person,
-- who then is in a list after all. Rupiah: what the month cost somebody else
-- for the person (stakes), the surplus of a person-month paid twice, what was paid for a
-- membership that is not active, or the claim; each in one area. Only what is there more
-- than once is put together: texts of a group cannot spill.
create or replace temp view discrepancies as
with registered_people as (
    select registry_rows.person_id,
    from registry_rows
    anti join ids_set_apart on registry_rows.person_id = ids_set_apart.person_id
    union
    select other_id as person_id,
    from rung_pairs
    where is_linked
),

registered_states as (
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

-- who must not be paid for any more, by what a register says of the person
flagged_by_a_register as (
    select
        registry.area_code,
        registry.person_id,
        registry.worker_group,
        registry.group_rank,
        person_flags.kind,
        null as fact,
        registry.submission_id,
        registry.source_row,
    from registry
    inner join person_flags on registry.person_id = person_flags.person_id
    where
        person_flags.kind = 'deceased'
        or (person_flags.kind = 'became_asn' and is_civil_servant(registry.position))
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
    union all
    select *, from flagged_by_a_register
),

entries_of_several_groups as (
    select
        area_code,
        kind,
        person_id,
    from entries
    group by area_code, kind, person_id
    having count(*) > 1
),

from_the_registries as (
    select
        entries.area_code,
        entries.kind,
        entries.person_id,
        entries.worker_group,
        coalesce(entries.fact, '') as detail,
        entries.submission_id,
        entries.source_row,
    from entries
    anti join entries_of_several_groups
        on
            entries.area_code = entries_of_several_groups.area_code
            and entries.kind = entries_of_several_groups.kind
            and entries.person_id = entries_of_several_groups.person_id
    union all
    select
        entries.area_code,
        entries.kind,
        entries.person_id,
        arg_min(entries.worker_group, entries.group_rank) as worker_group,
        concat_ws(
            ';',
            arg_min(entries.fact, entries.group_rank),
            if(
                entries.kind <> 'double_registered',
                'kelompok='
                || string_agg(entries.worker_group, '+' order by entries.worker_group),
                null
            )
        ) as detail,
        arg_min(entries.submission_id, entries.group_rank) as submission_id,
        arg_min(entries.source_row, entries.group_rank) as source_row,
    from entries
    semi join entries_of_several_groups
        on
            entries.area_code = entries_of_several_groups.area_code
            and entries.kind = entries_of_several_groups.kind
            and entries.person_id = entries_of_several_groups.person_id
    group by entries.area_code, entries.kind, entries.person_id
),

publicly_paid as (
    select
        membership_rows.area_code,
        membership_rows.person_id,
        membership_rows.payer,
        membership_rows.submission_id,
        membership_rows.source_row,
    from membership_rows
    semi join registry_areas on membership_rows.area_code = registry_areas.area_code
    anti join registered_people
        on membership_rows.person_id = registered_people.person_id
    where
        membership_rows.participation_state <> 'lapsed'
        and is_subsidised(membership_rows.payer)
),

paid_for_several_times as (
    select
        area_code,
        person_id,
    from publicly_paid
    group by area_code, person_id
    having count(*) > 1
),

unknown_and_paid_once as (
    select
        publicly_paid.area_code,
        'active_not_registered' as kind,
        publicly_paid.person_id,
        null as worker_group,
        'sumber_iuran=' || publicly_paid.payer as detail,
        publicly_paid.submission_id,
        publicly_paid.source_row,
    from publicly_paid
    anti join paid_for_several_times
        on
            publicly_paid.area_code = paid_for_several_times.area_code
            and publicly_paid.person_id = paid_for_several_times.person_id
),

unknown_and_paid_often as (
    select
        publicly_paid.area_code,
        'active_not_registered' as kind,
        publicly_paid.person_id,
        null as worker_group,
        'sumber_iuran=' || string_agg(
            distinct publicly_paid.payer, '+'
            order by publicly_paid.payer
        ) as detail,
        min((publicly_paid.submission_id, publicly_paid.source_row)) as origin,
    from publicly_paid
    semi join paid_for_several_times
        on
            publicly_paid.area_code = paid_for_several_times.area_code
            and publicly_paid.person_id = paid_for_several_times.person_id
    group by publicly_paid.area_code, publicly_paid.person_id
),

funded_twice as (
    select
        membership_rows.area_code,
        'double_funded' as kind,
        membership_rows.person_id,
        null as worker_group,
        'sumber_iuran=' || min(overpayments.payers) as detail,
        min((membership_rows.submission_id, membership_rows.source_row)) as origin,
    from membership_rows
    inner join overpayments on membership_rows.person_id = overpayments.person_id
    where
        membership_rows.segment = 'BPU'
        and (
            overpayments.basis = 'iuran'
            or (
                membership_rows.participation_state = 'active'
                and membership_rows.payer <> 'tidak_diketahui'
            )
        )
    group by membership_rows.area_code, membership_rows.person_id
),

-- in no list, and paid for by somebody else after the death: by what the membership says
-- or by what was paid
deceased_people as (
    select
        membership_rows.area_code,
        membership_rows.person_id,
        membership_rows.submission_id,
        membership_rows.source_row,
    from membership_rows
    inner join person_flags on membership_rows.person_id = person_flags.person_id
    where
        person_flags.kind = 'deceased'
        and membership_rows.participation_state <> 'lapsed'
        and is_subsidised(membership_rows.payer)
    union all
    select
        area_code,
        person_id,
        submission_id,
        source_row,
    from contributions
    where ineligible_kind = 'deceased' and is_subsidised(payer)
),

deceased_members as (
    select
        deceased_people.area_code,
        'deceased' as kind,
        deceased_people.person_id,
        null as worker_group,
        null as detail,
        min((deceased_people.submission_id, deceased_people.source_row)) as origin,
    from deceased_people
    anti join registered_people
        on deceased_people.person_id = registered_people.person_id
    group by deceased_people.area_code, deceased_people.person_id
),

-- paid for this month or a later one, and still not protected
vain_payments as (
    select
        contributions.area_code,
        contributions.person_id,
        contributions.worker_group,
        contributions.total_rupiah,
        contributions.submission_id,
        contributions.source_row,
        coalesce(
            contributions.person_id::varchar,
            contributions.submission_id || ':' || contributions.source_row
        ) as payee,
    from contributions
    semi join snapshot_areas on contributions.area_code = snapshot_areas.area_code
    where
        contributions.contribution_month >= contributions.coverage_month
        and coalesce(not contributions.is_active, true)
),

paid_in_vain as (
    select
        area_code,
        'paid_not_active' as kind,
        person_id,
        nullif(min(worker_group), 'tidak_terdaftar') as worker_group,
        if(person_id is null, 'kpj=tidak_dikenal', 'keadaan=nonaktif') as detail,
        min((submission_id, source_row)) as origin,
        sum(total_rupiah) as rupiah,
    from vain_payments
    group by area_code, payee, person_id
),

claims_of_strangers as (
    select
        area_code,
        'claim_not_participant' as kind,
        person_id,
        null as worker_group,
        'program=' || string_agg(distinct programme, '+' order by programme) as detail,
        min((submission_id, source_row)) as origin,
        sum(paid_rupiah) as rupiah,
    from claims
    where not is_participant
    group by
        area_code,
        person_id,
        coalesce(person_id::varchar, submission_id || ':' || source_row)
),

from_the_extracts as (
    select *, from unknown_and_paid_often
    union all
    select *, from funded_twice
    union all
    select *, from deceased_members
    union all
    select * exclude (rupiah),
    from paid_in_vain
    union all
    select * exclude (rupiah),
    from claims_of_strangers
),

without_a_usable_nik as (
    select
        inputs.area_code,
        'nik_invalid' as kind,
        rung_pairs.other_id as person_id,
        inputs.dataset as worker_group,
        concat_ws(
            ';',
            'kode=' || quarantined_rows.nik_code,
            'cocok=' || rung_pairs.link_rule
        ) as detail,
        inputs.submission_id,
        quarantined_rows.source_row,
    from quarantined_rows
    inner join inputs on quarantined_rows.submission_id = inputs.submission_id
    left join rung_pairs
        on
            rung_pairs.is_linked
            and quarantined_rows.submission_id || ':' || quarantined_rows.source_row
            = rung_pairs.entry_id
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
    select *, from unknown_and_paid_once
    union all
    select *, from without_a_usable_nik
),

rupiah_by_row as (
    select
        kind,
        origin[1] as submission_id,
        origin[2] as source_row,
        rupiah,
    from paid_in_vain
    union all
    select
        kind,
        origin[1] as submission_id,
        origin[2] as source_row,
        rupiah,
    from claims_of_strangers
),

double_funded_areas as (
    select
        person_id,
        min(area_code) as area_code,
    from funded_twice
    group by person_id
)

select
    slice.coverage_month,
    slice.province_code,
    all_discrepancies.area_code,
    all_discrepancies.kind,
    all_discrepancies.person_id,
    all_discrepancies.worker_group,
    concat_ws(
        ';',
        nullif(all_discrepancies.detail, ''),
        'dasar=' || coalesce(stakes.basis, overpayments.basis)
    ) as detail,
    coalesce(
        stakes.rupiah, overpayments.rupiah, rupiah_by_row.rupiah
    )::decimal(18, 2) as rupiah,
    all_discrepancies.submission_id,
    all_discrepancies.source_row,
from all_discrepancies
cross join slice
left join stakes
    on
        all_discrepancies.area_code = stakes.area_code
        and all_discrepancies.person_id = stakes.person_id
        and all_discrepancies.kind in (
            'deceased', 'became_asn', 'covered_by_employer', 'ineligible_age'
        )
left join double_funded_areas
    on
        all_discrepancies.kind = 'double_funded'
        and all_discrepancies.person_id = double_funded_areas.person_id
        and all_discrepancies.area_code = double_funded_areas.area_code
left join overpayments on double_funded_areas.person_id = overpayments.person_id
left join rupiah_by_row
    on
        all_discrepancies.kind = rupiah_by_row.kind
        and all_discrepancies.submission_id = rupiah_by_row.submission_id
        and all_discrepancies.source_row = rupiah_by_row.source_row;
