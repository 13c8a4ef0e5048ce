-- table:   participation (temporary view) -> core.participation
-- grain:   one row per membership of the month
-- inputs:  membership_rows (memberships as scratch Parquet), slice
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
create or replace temp view participation as
select
    slice.coverage_month,
    slice.province_code,
    membership_rows.*
from membership_rows
cross join slice;
