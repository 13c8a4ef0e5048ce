-- table:   core.participation_snapshots
-- grain:   month, area the extract covers, moment it became known
-- inputs:  fresh_participation (rows of the month), snapshot_areas (temporary: areas
--          the extracts of the month cover)
-- params:  province_code, coverage_month, known_at
-- re-run:  same rows, nothing is written; what was known before is closed, not deleted
--
-- Leaves snapshot_months_before and snapshot_months (temporary) for the history.
-- sqlfluff:dialect:postgres
create temp table snapshot_months_before on commit drop as
select
    known.area_code,
    known.coverage_month
from core.participation_snapshots as known
where
    known.province_code = :province_code
    and known.known_to_at is null;

create temp table snapshot_now on commit drop as
select
    snapshot_areas.area_code,
    coalesce(
        bool_and(coalesce(fresh.period_status, 'posting') = 'posting'), true
    ) as is_final,
    count(fresh.membership_id)::integer as membership_count
from snapshot_areas
left join fresh_participation as fresh
    on snapshot_areas.area_code in (fresh.area_code, fresh.province_code)
group by snapshot_areas.area_code;

update core.participation_snapshots as known
set known_to_at = :known_at
where
    known.province_code = :province_code
    and known.coverage_month = :coverage_month
    and known.known_to_at is null
    and not exists (
        select snapshot_now.area_code
        from snapshot_now
        where
            snapshot_now.area_code = known.area_code
            and snapshot_now.is_final = known.is_final
            and snapshot_now.membership_count = known.membership_count
    );

insert into core.participation_snapshots (
    province_code, coverage_month, area_code, is_final, membership_count, known_from_at
)
select
    :province_code as province_code,
    :coverage_month as coverage_month,
    snapshot_now.area_code,
    snapshot_now.is_final,
    snapshot_now.membership_count,
    :known_at as known_from_at
from snapshot_now
where not exists (
    select known.area_code
    from core.participation_snapshots as known
    where
        known.province_code = :province_code
        and known.coverage_month = :coverage_month
        and known.area_code = snapshot_now.area_code
        and known.known_to_at is null
);

create temp table snapshot_months on commit drop as
select
    known.area_code,
    known.coverage_month
from core.participation_snapshots as known
where
    known.province_code = :province_code
    and known.known_to_at is null;
