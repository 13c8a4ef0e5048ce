-- table:   core.participation_history
-- grain:   membership, first month of validity, moment it became known
-- inputs:  fresh_participation (rows of the month), snapshot_months_before and
--          snapshot_months (of participation_snapshots/load.sql),
--          core.participation_history (what was known until now)
-- params:  province_code, coverage_month, known_at
-- re-run:  same rows, same history: nothing is written
--
-- A range holds what a membership is from the first to the last snapshot that shows it
-- so, with no other snapshot of its area between; open (valid_to NULL) while the latest
-- snapshot of the area still shows it. So a month that changes nothing writes nothing,
-- and the ranges follow from the snapshots alone, in whatever order they come. What was
-- believed before is closed (known_to_at), never deleted.
-- sqlfluff:dialect:postgres
create temp table changed_memberships on commit drop as
with believed_of_the_month as (
    select known.*
    from core.participation_history as known
    where
        known.province_code = :province_code
        and known.known_to_at is null
        and known.valid_from <= :coverage_month
        and (known.valid_to is null or known.valid_to >= :coverage_month)
)

select coalesce(fresh.membership_id, believed.membership_id) as membership_id
from fresh_participation as fresh
full outer join believed_of_the_month as believed
    on fresh.membership_id = believed.membership_id
where
    (
        fresh.person_id, fresh.segment, fresh.area_code, fresh.payer, fresh.sector,
        fresh.has_jkk, fresh.has_jkm, fresh.has_jht, fresh.has_jp, fresh.has_jkp,
        fresh.registration_date
    ) is distinct from (
        believed.person_id, believed.segment, believed.area_code, believed.payer,
        believed.sector, believed.has_jkk, believed.has_jkm, believed.has_jht,
        believed.has_jp, believed.has_jkp, believed.registration_date
    )
    -- absent counts only where the month has an extract for the area
    and (
        fresh.membership_id is not null
        or exists (
            select snapshot_months.area_code
            from snapshot_months
            where
                snapshot_months.coverage_month = :coverage_month
                and snapshot_months.area_code
                in (believed.area_code, :province_code)
        )
    );

-- an area that had an extract of the month and has none any more
insert into changed_memberships (membership_id)
select distinct known.membership_id
from core.participation_history as known
where
    known.province_code = :province_code
    and known.known_to_at is null
    and exists (
        select before.area_code
        from snapshot_months_before as before
        where
            before.coverage_month = :coverage_month
            and before.area_code in (known.area_code, :province_code)
    )
    and not exists (
        select snapshot_months.area_code
        from snapshot_months
        where
            snapshot_months.coverage_month = :coverage_month
            and snapshot_months.area_code in (known.area_code, :province_code)
    )
    and not exists (
        select changed.membership_id
        from changed_memberships as changed
        where changed.membership_id = known.membership_id
    );

analyze changed_memberships;

create temp table desired_ranges on commit drop as
with believed_ranges as (
    select
        known.*,
        coalesce(
            known.valid_to,
            (
                select max(before.coverage_month)
                from snapshot_months_before as before
                where before.area_code in (known.area_code, :province_code)
            )
        ) as last_month
    from changed_memberships as changed
    inner join core.participation_history as known
        on
            changed.membership_id = known.membership_id
            and known.province_code = :province_code
            and known.known_to_at is null
),

pieces as (
    -- what was believed, up to the snapshot before this month
    select
        believed.membership_id,
        believed.person_id,
        believed.segment,
        believed.area_code,
        believed.payer,
        believed.sector,
        believed.has_jkk,
        believed.has_jkm,
        believed.has_jht,
        believed.has_jp,
        believed.has_jkp,
        believed.registration_date,
        believed.valid_from as first_month,
        case
            when believed.last_month < :coverage_month then believed.last_month
            else (
                select max(snapshot_months.coverage_month)
                from snapshot_months
                where
                    snapshot_months.coverage_month < :coverage_month
                    and snapshot_months.area_code
                    in (believed.area_code, :province_code)
            )
        end as last_month
    from believed_ranges as believed
    where believed.valid_from < :coverage_month
    union all
    -- and from the snapshot after it
    select
        believed.membership_id,
        believed.person_id,
        believed.segment,
        believed.area_code,
        believed.payer,
        believed.sector,
        believed.has_jkk,
        believed.has_jkm,
        believed.has_jht,
        believed.has_jp,
        believed.has_jkp,
        believed.registration_date,
        case
            when believed.valid_from > :coverage_month then believed.valid_from
            else (
                select min(snapshot_months.coverage_month)
                from snapshot_months
                where
                    snapshot_months.coverage_month > :coverage_month
                    and snapshot_months.area_code
                    in (believed.area_code, :province_code)
            )
        end as first_month,
        believed.last_month
    from believed_ranges as believed
    where believed.last_month > :coverage_month
    union all
    select
        fresh.membership_id,
        fresh.person_id,
        fresh.segment,
        fresh.area_code,
        fresh.payer,
        fresh.sector,
        fresh.has_jkk,
        fresh.has_jkm,
        fresh.has_jht,
        fresh.has_jp,
        fresh.has_jkp,
        fresh.registration_date,
        :coverage_month as first_month,
        :coverage_month as last_month
    from changed_memberships as changed
    inner join fresh_participation as fresh
        on changed.membership_id = fresh.membership_id
),

pieces_in_order as (
    select
        pieces.*,
        row_number() over (
            partition by pieces.membership_id
            order by pieces.first_month
        ) as place
    from pieces
),

pieces_beside_an_equal_one as (
    select
        piece.*,
        earlier.last_month as equal_until
    from pieces_in_order as piece
    left join pieces_in_order as earlier
        on
            piece.membership_id = earlier.membership_id
            and piece.place = earlier.place + 1
            and (
                piece.person_id, piece.segment, piece.area_code, piece.payer,
                piece.sector, piece.has_jkk, piece.has_jkm, piece.has_jht,
                piece.has_jp, piece.has_jkp, piece.registration_date
            ) is not distinct from (
                earlier.person_id, earlier.segment, earlier.area_code, earlier.payer,
                earlier.sector, earlier.has_jkk, earlier.has_jkm, earlier.has_jht,
                earlier.has_jp, earlier.has_jkp, earlier.registration_date
            )
),

pieces_numbered as (
    select
        beside.*,
        count(*) filter (
            where beside.equal_until is null
            or exists (
                select snapshot_months.area_code
                from snapshot_months
                where
                    snapshot_months.area_code in (beside.area_code, :province_code)
                    and snapshot_months.coverage_month > beside.equal_until
                    and snapshot_months.coverage_month < beside.first_month
            )
        ) over (
            partition by beside.membership_id
            order by beside.first_month
        ) as range_number
    from pieces_beside_an_equal_one as beside
),

ranges as (
    select
        numbered.membership_id,
        numbered.person_id,
        numbered.segment,
        numbered.area_code,
        numbered.payer,
        numbered.sector,
        numbered.has_jkk,
        numbered.has_jkm,
        numbered.has_jht,
        numbered.has_jp,
        numbered.has_jkp,
        numbered.registration_date,
        min(numbered.first_month) as valid_from,
        max(numbered.last_month) as last_month
    from pieces_numbered as numbered
    group by
        numbered.membership_id,
        numbered.person_id,
        numbered.segment,
        numbered.area_code,
        numbered.payer,
        numbered.sector,
        numbered.has_jkk,
        numbered.has_jkm,
        numbered.has_jht,
        numbered.has_jp,
        numbered.has_jkp,
        numbered.registration_date,
        numbered.range_number
),

ranges_and_the_next as (
    select
        ranges.*,
        lead(ranges.valid_from) over (
            partition by ranges.membership_id
            order by ranges.valid_from
        ) as next_from,
        (
            select max(snapshot_months.coverage_month)
            from snapshot_months
            where snapshot_months.area_code in (ranges.area_code, :province_code)
        ) as latest_snapshot
    from ranges
)

select
    ended.membership_id,
    ended.person_id,
    ended.segment,
    ended.area_code,
    ended.payer,
    ended.sector,
    ended.has_jkk,
    ended.has_jkm,
    ended.has_jht,
    ended.has_jp,
    ended.has_jkp,
    ended.registration_date,
    ended.valid_from,
    case
        when ended.next_from is not null or ended.last_month < ended.latest_snapshot
            then ended.last_month
    end as valid_to
from ranges_and_the_next as ended;

analyze desired_ranges;

update core.participation_history as known
set known_to_at = :known_at
from changed_memberships as changed
where
    known.province_code = :province_code
    and known.membership_id = changed.membership_id
    and known.known_to_at is null
    and not exists (
        select desired.membership_id
        from desired_ranges as desired
        where
            desired.membership_id = known.membership_id
            and desired.valid_from = known.valid_from
            and (
                desired.valid_to,
                desired.person_id, desired.segment, desired.area_code, desired.payer,
                desired.sector, desired.has_jkk, desired.has_jkm, desired.has_jht,
                desired.has_jp, desired.has_jkp, desired.registration_date
            ) is not distinct from (
                known.valid_to,
                known.person_id, known.segment, known.area_code, known.payer,
                known.sector, known.has_jkk, known.has_jkm, known.has_jht,
                known.has_jp, known.has_jkp, known.registration_date
            )
    );

insert into core.participation_history (
    province_code, membership_id,
    person_id, segment, area_code, payer, sector, has_jkk, has_jkm, has_jht, has_jp,
    has_jkp, registration_date,
    valid_from, valid_to, known_from_at
)
select
    :province_code as province_code,
    desired.membership_id,
    desired.person_id,
    desired.segment,
    desired.area_code,
    desired.payer,
    desired.sector,
    desired.has_jkk,
    desired.has_jkm,
    desired.has_jht,
    desired.has_jp,
    desired.has_jkp,
    desired.registration_date,
    desired.valid_from,
    desired.valid_to,
    :known_at as known_from_at
from desired_ranges as desired
where not exists (
    select known.membership_id
    from core.participation_history as known
    where
        known.province_code = :province_code
        and known.membership_id = desired.membership_id
        and known.valid_from = desired.valid_from
        and known.known_to_at is null
);
