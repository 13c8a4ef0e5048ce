-- view: core.departures
-- grain: one row per membership and snapshot that does not show it any more
-- inputs: core.participation_history, core.participation_snapshots, core.registry,
--         core.participation
-- re-run: replaced whole
--
-- Found by the difference of two consecutive snapshots of an area, not by a status. Only
-- what two posted snapshots say is final.
create or replace view core.departures as
with current_snapshots as (
    select
        snapshots.province_code,
        snapshots.coverage_month,
        snapshots.area_code,
        snapshots.is_final
    from core.participation_snapshots as snapshots
    where snapshots.known_to_at is null
),

current_ranges as (
    select history.*
    from core.participation_history as history
    where history.known_to_at is null
),

ranges_that_ended as (
    select
        ended.*,
        (
            select min(following.coverage_month)
            from current_snapshots as following
            where
                following.province_code = ended.province_code
                and following.area_code in (ended.area_code, ended.province_code)
                and following.coverage_month > ended.valid_to
        ) as coverage_month
    from current_ranges as ended
    where ended.valid_to is not null
)

select
    ended.coverage_month,
    ended.province_code,
    ended.area_code,
    ended.membership_id,
    ended.person_id,
    ended.segment,
    ended.payer as previous_payer,
    ended.valid_to as previous_month,
    (
        select
            string_agg(
                distinct listed.worker_group, ',' order by listed.worker_group
            )
        from core.registry as listed
        where
            listed.person_id = ended.person_id
            and listed.province_code = ended.province_code
            and listed.coverage_month = ended.valid_to
    ) as worker_groups,
    (
        select count(*) > 0
        from core.participation as remaining
        where
            remaining.person_id = ended.person_id
            and remaining.province_code = ended.province_code
            and remaining.coverage_month = ended.coverage_month
    ) as has_other_membership,
    not exists (
        select compared.coverage_month
        from current_snapshots as compared
        where
            compared.province_code = ended.province_code
            and compared.area_code in (ended.area_code, ended.province_code)
            and compared.coverage_month in (ended.valid_to, ended.coverage_month)
            and not compared.is_final
    ) as is_final
from ranges_that_ended as ended
where
    ended.coverage_month is not null
    and not exists (
        select onward.membership_id
        from current_ranges as onward
        where
            onward.province_code = ended.province_code
            and onward.membership_id = ended.membership_id
            and onward.valid_from <= ended.coverage_month
            and (onward.valid_to is null or onward.valid_to >= ended.coverage_month)
    )
