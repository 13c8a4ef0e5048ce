-- table:  coverage_memberships (scratch)
-- grain:  place_code, segment, programme
-- inputs: membership_places
-- params: -
-- re-run: pure
-- Active memberships (grace included) by the finest place, and whether anything is said
-- of the programme at all: a flag column that is NULL throughout says nothing.
create table coverage_memberships as
with memberships_counted as (
    select
        place_code,
        segment,
        has_jkk,
        has_jkm,
        has_jht,
        has_jp,
        has_jkp,
        count(*) filter (where state_rank <= 3) as active_count,
    from membership_places
    group by
        place_code,
        segment,
        has_jkk,
        has_jkm,
        has_jht,
        has_jp,
        has_jkp
),

memberships_by_programme as (
    select
        place_code,
        segment,
        'ANY' as programme,
        true as flag,
        active_count,
    from memberships_counted
    union all
    select
        place_code,
        segment,
        'JKK' as programme,
        has_jkk as flag,
        active_count,
    from memberships_counted
    union all
    select
        place_code,
        segment,
        'JKM' as programme,
        has_jkm as flag,
        active_count,
    from memberships_counted
    union all
    select
        place_code,
        segment,
        'JHT' as programme,
        has_jht as flag,
        active_count,
    from memberships_counted
    union all
    select
        place_code,
        segment,
        'JP' as programme,
        has_jp as flag,
        active_count,
    from memberships_counted
    union all
    select
        place_code,
        segment,
        'JKP' as programme,
        has_jkp as flag,
        active_count,
    from memberships_counted
)

select
    place_code,
    segment,
    programme,
    coalesce(sum(active_count) filter (where flag), 0) as membership_count,
    bool_or(flag is not null) as is_stated,
from memberships_by_programme
group by
    place_code,
    segment,
    programme;
