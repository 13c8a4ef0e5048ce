-- view: mart.freshness
-- grain: one row per province and dataset
-- inputs: ops.submissions, ops.releases, ops.current_releases
-- re-run: replaced whole
create or replace view mart.freshness as
with received_per_dataset as (
    select
        submissions.province_code,
        submissions.dataset,
        max(submissions.coverage_month)
        filter (where submissions.state = 'accepted') as latest_month_received,
        max(submissions.received_at) as latest_received_at
    from ops.submissions as submissions
    group by submissions.province_code, submissions.dataset
),

last_published_per_province as (
    select distinct on (current_releases.province_code)
        current_releases.province_code,
        current_releases.coverage_month,
        releases.released_at
    from ops.current_releases as current_releases
    inner join ops.releases as releases
        on current_releases.release_id = releases.release_id
    order by
        current_releases.province_code asc,
        current_releases.coverage_month desc
)

select
    received.province_code,
    received.dataset,
    received.latest_month_received,
    received.latest_received_at,
    published.coverage_month as latest_month_published,
    published.released_at,
    case
        when received.latest_month_received is null then 'refused'
        when published.coverage_month is null then 'unpublished'
        when received.latest_month_received > published.coverage_month
            then 'pending'
        else 'published'
    end as status
from received_per_dataset as received
left join last_published_per_province as published
    on received.province_code = published.province_code
