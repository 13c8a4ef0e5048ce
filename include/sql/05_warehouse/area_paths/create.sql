-- view: core.area_paths
-- grain: one row per published month, area of that month and area it is part of now
-- inputs: core.area_links, core.areas, ops.releases
-- re-run: replaced whole
--
-- Only areas that have changed since their month. "Now" is the end of the latest
-- published month, so that the same releases always give the same answer. A change to a
-- code of a higher level is left out: where exactly the area went is not known.
create or replace view core.area_paths as
with recursive published_months as (
    select distinct
        releases.coverage_month,
        (releases.coverage_month + interval '1 month' - interval '1 day')::date
            as month_end
    from ops.releases as releases
),

changes as (
    select
        links.predecessor_code,
        links.successor_code,
        links.valid_from,
        (links.kind = 'split') as is_split
    from core.area_links as links
    where
        links.kind <> 'rename'
        and length(links.predecessor_code) = length(links.successor_code)
        and links.valid_from <= (
            select max(published_months.month_end) from published_months
        )
),

steps as (
    select
        published_months.coverage_month,
        changes.predecessor_code as then_code,
        changes.successor_code as area_code,
        changes.valid_from,
        changes.is_split as is_divided
    from published_months
    inner join changes
        on changes.valid_from = (
            select min(following.valid_from)
            from changes as following
            where
                following.predecessor_code = changes.predecessor_code
                and following.valid_from > published_months.month_end
        )
    left join core.areas as areas
        on changes.predecessor_code = areas.area_code
    where
        areas.valid_from is null
        or areas.valid_from <= published_months.month_end
    union all
    select
        steps.coverage_month,
        steps.then_code,
        changes.successor_code as area_code,
        changes.valid_from,
        (steps.is_divided or changes.is_split) as is_divided
    from steps
    inner join changes
        on
            steps.area_code = changes.predecessor_code
            and changes.valid_from = (
                select min(following.valid_from)
                from changes as following
                where
                    following.predecessor_code = steps.area_code
                    and following.valid_from > steps.valid_from
            )
)

select
    steps.coverage_month,
    steps.then_code,
    steps.area_code,
    bool_or(steps.is_divided) as is_divided
from steps
where
    not exists (
        select following.valid_from
        from changes as following
        where
            following.predecessor_code = steps.area_code
            and following.valid_from > steps.valid_from
    )
group by
    steps.coverage_month,
    steps.then_code,
    steps.area_code
