-- table:   participation (temporary view) -> core.participation
-- grain:   one row per membership of the month
-- inputs:  membership_rows (memberships as scratch Parquet), slice
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
create or replace temp view participation as
select
    slice.coverage_month,
    slice.province_code,
    membership_rows.membership_id,
    membership_rows.person_id,
    membership_rows.segment,
    membership_rows.area_code,
    membership_rows.village_code,
    membership_rows.payer,
    membership_rows.sector,
    membership_rows.has_jkk,
    membership_rows.has_jkm,
    membership_rows.has_jht,
    membership_rows.has_jp,
    membership_rows.has_jkp,
    membership_rows.registration_date,
    membership_rows.paid_through_month,
    membership_rows.unpaid_months,
    membership_rows.participation_state,
    membership_rows.is_new,
    membership_rows.period_status,
    membership_rows.submission_id,
    membership_rows.source_row,
from membership_rows
cross join slice;
