-- table:  monthly_coverage
-- grain:  area_code, segment, programme, definition_id
-- inputs: area_scope, presence, coverage_states, coverage_memberships, denominators,
--         targets
-- params: $province_code, $first_day, $target_year
-- re-run: same inputs, same rows
-- Every regency and the province have a row for each segment and programme: 0 where a
-- snapshot covers the area and shows nobody, NULL where none covers it or where nothing
-- is said of the programme in the whole regency. Districts and villages have rows for
-- the segments seen in them. Percentages are never capped; half a hundredth rounds up,
-- in whole numbers.
create table monthly_coverage as
with persons_by_programme as (
    select
        area_code,
        segment,
        'ANY' as programme,
        any_rank as state_rank,
        person_count,
    from coverage_states
    union all
    select
        area_code,
        segment,
        'JKK' as programme,
        jkk_rank as state_rank,
        person_count,
    from coverage_states
    union all
    select
        area_code,
        segment,
        'JKM' as programme,
        jkm_rank as state_rank,
        person_count,
    from coverage_states
    union all
    select
        area_code,
        segment,
        'JHT' as programme,
        jht_rank as state_rank,
        person_count,
    from coverage_states
    union all
    select
        area_code,
        segment,
        'JP' as programme,
        jp_rank as state_rank,
        person_count,
    from coverage_states
    union all
    select
        area_code,
        segment,
        'JKP' as programme,
        jkp_rank as state_rank,
        person_count,
    from coverage_states
),

persons_counted as (
    select
        area_code,
        segment,
        programme,
        coalesce(sum(person_count) filter (where state_rank <= 3), 0) as active_count,
        coalesce(sum(person_count) filter (where state_rank = 1), 0) as paid_up_count,
        coalesce(sum(person_count) filter (where state_rank in (2, 3)), 0)
            as grace_count,
        coalesce(sum(person_count) filter (where state_rank = 4), 0) as lapsed_count,
    from persons_by_programme
    group by
        area_code,
        segment,
        programme
),

code_lengths as (
    select 2 as code_length,
    union all
    select 5 as code_length,
    union all
    select 8 as code_length,
    union all
    select 13 as code_length,
),

memberships_counted as (
    select
        left(coverage_memberships.place_code, code_lengths.code_length) as area_code,
        coalesce(coverage_memberships.segment, 'ALL') as segment,
        coverage_memberships.programme,
        sum(coverage_memberships.membership_count) as membership_count,
    from coverage_memberships
    inner join code_lengths
        on length(coverage_memberships.place_code) >= code_lengths.code_length
    group by grouping sets (
        (
            left(coverage_memberships.place_code, code_lengths.code_length),
            coverage_memberships.segment,
            coverage_memberships.programme
        ),
        (
            left(coverage_memberships.place_code, code_lengths.code_length),
            coverage_memberships.programme
        )
    )
),

programmes_stated as (
    select
        left(coverage_memberships.place_code, code_lengths.code_length) as area_code,
        coverage_memberships.programme,
        bool_or(coverage_memberships.is_stated) as is_stated,
    from coverage_memberships
    inner join code_lengths
        on
            length(coverage_memberships.place_code) >= code_lengths.code_length
            and code_lengths.code_length <= 5
    group by
        left(coverage_memberships.place_code, code_lengths.code_length),
        coverage_memberships.programme
),

areas_covered as (
    select
        area_code,
        has_data,
    from presence
    where kind = 'participation'
),

segments as (
    select 'PU' as segment,
    union all
    select 'BPU' as segment,
    union all
    select 'JAKON' as segment,
    union all
    select 'PMI' as segment,
    union all
    select 'ALL' as segment,
),

programmes as (
    select 'ANY' as programme,
    union all
    select 'JKK' as programme,
    union all
    select 'JKM' as programme,
    union all
    select 'JHT' as programme,
    union all
    select 'JP' as programme,
    union all
    select 'JKP' as programme,
),

denominators_of_the_month as (
    select
        area_code,
        segment,
        definition_id,
        reference_date,
        eligible_count,
        source,
        vintage,
    from denominators
    where
        coverage_month = cast($first_day as date)
        and province_code = $province_code
        -- a figure may stand from before an area changed its code
        and area_code in (select area_scope.area_code from area_scope)
),

targets_of_the_year as (
    select
        area_code,
        segment,
        max(value) filter (where unit = 'orang') as target_count,
        max(value) filter (where unit = 'persen') as target_pct,
    from targets
    where
        coverage_month = cast($first_day as date)
        and province_code = $province_code
        and target_year = $target_year
        and area_code in (select area_scope.area_code from area_scope)
    group by
        area_code,
        segment
),

areas_and_segments as (
    select
        area_scope.area_code,
        segments.segment,
    from area_scope
    cross join segments
    where area_scope.area_level in ('province', 'regency')
    union
    select
        area_code,
        segment,
    from persons_counted
    union
    select
        area_code,
        segment,
    from denominators_of_the_month
    union
    select
        area_code,
        segment,
    from targets_of_the_year
),

rows_wanted as (
    select
        areas_and_segments.area_code,
        areas_and_segments.segment,
        programmes.programme,
        coalesce(areas_covered.has_data, false) as is_covered,
        -- nothing seen in the regency: what the whole province says of the programme
        coalesce(stated_here.is_stated, stated_anywhere.is_stated, true) as is_stated,
    from areas_and_segments
    cross join programmes
    left join areas_covered
        on left(areas_and_segments.area_code, 5) = areas_covered.area_code
    left join programmes_stated as stated_here
        on
            left(areas_and_segments.area_code, 5) = stated_here.area_code
            and programmes.programme = stated_here.programme
    left join programmes_stated as stated_anywhere
        on
            stated_anywhere.area_code = $province_code
            and programmes.programme = stated_anywhere.programme
),

counts_shown as (
    select
        rows_wanted.area_code,
        rows_wanted.segment,
        rows_wanted.programme,
        case
            when rows_wanted.is_covered and rows_wanted.is_stated
                then coalesce(persons_counted.active_count, 0)
        end as active_count,
        case
            when rows_wanted.is_covered and rows_wanted.is_stated
                then coalesce(persons_counted.paid_up_count, 0)
        end as paid_up_count,
        case
            when rows_wanted.is_covered and rows_wanted.is_stated
                then coalesce(persons_counted.grace_count, 0)
        end as grace_count,
        case
            when rows_wanted.is_covered and rows_wanted.is_stated
                then coalesce(persons_counted.lapsed_count, 0)
        end as lapsed_count,
        case
            when rows_wanted.is_covered and rows_wanted.is_stated
                then coalesce(memberships_counted.membership_count, 0)
        end as membership_count,
    from rows_wanted
    left join persons_counted
        on
            rows_wanted.area_code = persons_counted.area_code
            and rows_wanted.segment = persons_counted.segment
            and rows_wanted.programme = persons_counted.programme
    left join memberships_counted
        on
            rows_wanted.area_code = memberships_counted.area_code
            and rows_wanted.segment = memberships_counted.segment
            and rows_wanted.programme = memberships_counted.programme
),

counts_with_denominators as (
    select
        counts_shown.*,
        coalesce(denominators_of_the_month.definition_id, 'tidak_ada') as definition_id,
        denominators_of_the_month.eligible_count,
        denominators_of_the_month.source as denominator_source,
        denominators_of_the_month.reference_date as denominator_date,
        denominators_of_the_month.vintage as denominator_vintage,
        cast(counts_shown.active_count as hugeint) as active_exact,
        cast(
            nullif(denominators_of_the_month.eligible_count, 0) as hugeint
        ) as eligible_exact,
        -- a target is in heads of participants, whatever programmes they take
        case
            when counts_shown.programme = 'ANY' then targets_of_the_year.target_count
        end as target_count,
        case
            when counts_shown.programme = 'ANY' then targets_of_the_year.target_pct
        end as target_pct,
    from counts_shown
    left join denominators_of_the_month
        on
            counts_shown.area_code = denominators_of_the_month.area_code
            and counts_shown.segment = denominators_of_the_month.segment
    left join targets_of_the_year
        on
            counts_shown.area_code = targets_of_the_year.area_code
            and counts_shown.segment = targets_of_the_year.segment
)

select
    cast($first_day as date) as coverage_month,
    area_code,
    case length(area_code)
        when 2 then 'province' when 5 then 'regency' when 8 then 'district'
        else 'village'
    end as area_level,
    segment,
    programme,
    definition_id,
    cast(active_count as integer) as active_count,
    cast(paid_up_count as integer) as paid_up_count,
    cast(grace_count as integer) as grace_count,
    cast(lapsed_count as integer) as lapsed_count,
    cast(membership_count as integer) as membership_count,
    cast(eligible_count as integer) as eligible_count,
    cast(
        cast(
            (20000 * active_exact + eligible_exact) // (2 * eligible_exact)
            as decimal(12, 0)
        ) * cast(0.01 as decimal(3, 2)) as decimal(9, 2)
    ) as coverage_pct,
    active_exact > eligible_exact as is_above_100,
    cast(round(target_count, 0) as integer) as target_count,
    cast(round(target_pct, 2) as decimal(9, 2)) as target_pct,
    denominator_source,
    denominator_date,
    denominator_vintage,
from counts_with_denominators
order by
    area_code,
    segment,
    programme,
    definition_id;
