-- view: mart.releases
-- grain: one row per release
-- inputs: ops.releases, ops.current_releases
-- re-run: replaced whole
create or replace view mart.releases as
select
    releases.release_id,
    releases.province_code,
    releases.coverage_month,
    releases.sequence,
    releases.status,
    releases.expected_count,
    releases.present_count,
    releases.completeness_pct,
    releases.content_sha256,
    releases.inputs_hash,
    releases.files_prefix,
    releases.released_at,
    releases.supersedes,
    (current_releases.release_id is not null) as is_current
from ops.releases as releases
left join ops.current_releases as current_releases
    on releases.release_id = current_releases.release_id
