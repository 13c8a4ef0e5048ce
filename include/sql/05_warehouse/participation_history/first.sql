-- table:   core.participation_history, through first_history (view of the partition to be)
-- grain:   membership, first month of validity, moment it became known
-- inputs:  fresh_participation (rows of the month)
-- params:  province_code, coverage_month, known_at
-- re-run:  only where the province has no history yet
-- sqlfluff:dialect:postgres
insert into first_history (
    province_code, membership_id,
    person_id, segment, area_code, payer, sector, has_jkk,
    has_jkm, has_jht, has_jp, has_jkp, registration_date,
    valid_from, known_from_at
)
select
    :province_code as province_code,
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
    :coverage_month as valid_from,
    :known_at as known_from_at
from fresh_participation as fresh
