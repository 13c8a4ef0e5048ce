-- table:  release_movements
-- grain:  area_code, source, group_code
-- inputs: registry_before, registry_after, participation_before, participation_after
--         (reconciled tables of the two releases of one month)
-- params: $province_code
-- re-run: pure; the counts of a pair of releases never change
-- Persons per area and group: only in the later release (entered), only in the earlier
-- one (left), in both with another attribute (changed). A person who moves from one
-- regency to another leaves the first, enters the second and is changed in the province.
-- Where a row came from (file, row number) is no attribute.
create table release_movements as
with listed_before as (
    select
        entry.area_code,
        'registry' as source,
        entry.worker_group as group_code,
        entry.person_id,
        hash(entry) as attributes,
    from (select * exclude (submission_id, source_row), from registry_before) as entry
),

listed_after as (
    select
        entry.area_code,
        'registry' as source,
        entry.worker_group as group_code,
        entry.person_id,
        hash(entry) as attributes,
    from (select * exclude (submission_id, source_row), from registry_after) as entry
),

insured_before as (
    select
        entry.area_code,
        'participation' as source,
        entry.segment as group_code,
        entry.person_id,
        hash(entry) as attributes,
    from (
        select * exclude (submission_id, source_row),
        from participation_before
    ) as entry
),

insured_after as (
    select
        entry.area_code,
        'participation' as source,
        entry.segment as group_code,
        entry.person_id,
        hash(entry) as attributes,
    from (
        select * exclude (submission_id, source_row),
        from participation_after
    ) as entry
),

rows_of_both as (
    select
        *,
        false as is_after,
    from listed_before
    union all
    select
        *,
        true as is_after,
    from listed_after
    union all
    select
        *,
        false as is_after,
    from insured_before
    union all
    select
        *,
        true as is_after,
    from insured_after
),

-- every area and the province; somebody with several memberships has several rows
persons_of_both as (
    select
        area_code,
        source,
        group_code,
        person_id,
        list_sort(list(attributes) filter (where not is_after)) as before,
        list_sort(list(attributes) filter (where is_after)) as after,
    from rows_of_both
    where area_code <> $province_code
    group by
        area_code,
        source,
        group_code,
        person_id
    union all
    select
        $province_code as area_code,
        source,
        group_code,
        person_id,
        list_sort(list(attributes) filter (where not is_after)) as before,
        list_sort(list(attributes) filter (where is_after)) as after,
    from rows_of_both
    group by
        source,
        group_code,
        person_id
),

movements_counted as (
    select
        area_code,
        source,
        group_code,
        count(*) filter (where before is null) as entered_count,
        count(*) filter (where after is null) as left_count,
        count(*) filter (
            where before is not null and after is not null and before <> after
        ) as changed_count,
    from persons_of_both
    group by
        area_code,
        source,
        group_code
)

select
    area_code,
    source,
    group_code,
    cast(entered_count as integer) as entered_count,
    cast(left_count as integer) as left_count,
    cast(changed_count as integer) as changed_count,
from movements_counted
where
    area_code = $province_code
    or entered_count + left_count + changed_count > 0
order by
    area_code,
    source,
    group_code;
