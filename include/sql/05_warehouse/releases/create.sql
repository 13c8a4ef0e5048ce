-- view: mart.releases
-- grain: one row per release
-- inputs: ops.releases, ops.current_releases, ops.release_decisions
-- re-run: replaced whole
create or replace view mart.releases as
with last_decision as (
    select distinct on (decisions.release_id)
        decisions.decision_id,
        decisions.release_id,
        decisions.decision,
        decisions.decided_by,
        decisions.decided_by_name,
        decisions.decided_at,
        decisions.note,
        decisions.files_sha256
    from ops.release_decisions as decisions
    where decisions.decision <> 'requested'
    order by decisions.release_id asc, decisions.decision_id desc
),

decided as (
    select
        releases.*,
        (current_releases.release_id is not null) as is_current,
        coalesce(last_decision.decision, 'pending') as approval,
        coalesce(
            last_decision.decision in ('approved', 'not_required'), false
        ) as is_released,
        last_decision.decision_id,
        last_decision.decided_by,
        last_decision.decided_by_name,
        last_decision.decided_at,
        last_decision.note as decision_note,
        last_decision.files_sha256
    from ops.releases as releases
    left join ops.current_releases as current_releases
        on releases.release_id = current_releases.release_id
    left join last_decision
        on releases.release_id = last_decision.release_id
)

select
    decided.release_id,
    decided.province_code,
    decided.coverage_month,
    decided.sequence,
    decided.status,
    decided.expected_count,
    decided.present_count,
    decided.completeness_pct,
    decided.content_sha256,
    decided.inputs_hash,
    decided.files_prefix,
    decided.released_at,
    decided.supersedes,
    decided.is_current,
    decided.approval,
    decided.is_released,
    (
        decided.is_released
        and row_number() over (
            partition by
                decided.province_code, decided.coverage_month, decided.is_released
            order by decided.is_current desc, decided.decision_id desc
        ) = 1
    ) as is_latest_released,
    decided.decided_by,
    decided.decided_by_name,
    decided.decided_at,
    decided.decision_note,
    decided.files_sha256
from decided
