-- table:  membership_places (scratch)
-- grain:  membership (row of participation)
-- inputs: participation (reconcile)
-- params: -
-- re-run: pure
-- Each membership with the finest place known of it and the rank of its state. A
-- village that does not lie in the regency of the row says nothing about where it is.
create view membership_places as
select
    case
        when starts_with(village_code, area_code || '.') then village_code
        else area_code
    end as place_code,
    segment,
    person_id,
    case participation_state
        when 'active' then cast(1 as tinyint)
        when 'grace_1' then cast(2 as tinyint)
        when 'grace_2' then cast(3 as tinyint)
        when 'lapsed' then cast(4 as tinyint)
    end as state_rank,
    has_jkk,
    has_jkm,
    has_jht,
    has_jp,
    has_jkp,
from participation;
