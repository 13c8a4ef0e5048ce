-- table:   slice, inputs, snapshot_areas, registry_areas (temporary)
-- grain:   one row; submission in force; area with an extract; area with a registry
-- inputs:  none
-- params:  coverage_month, month_end (dates), province_code, key_id
-- re-run:  replaces the tables; inputs and the areas are filled by month.py
--
-- What every other step of the month refers to.
create or replace temp table slice as
select
    cast($coverage_month as date) as coverage_month,
    cast($month_end as date) as month_end,
    cast($province_code as varchar) as province_code,
    cast($key_id as varchar) as key_id,
from range(1);

create or replace temp table inputs (
    submission_id varchar not null,
    dataset varchar not null,
    area_code varchar not null,
    landing_month date not null,
    filename varchar
);

create or replace temp table snapshot_areas (area_code varchar not null);
create or replace temp table registry_areas (area_code varchar not null);
create or replace temp table eligibility (
    worker_group varchar not null,
    group_rank integer not null,
    minimum_age integer not null,
    maximum_age integer not null
);
create or replace temp table shipped_denominators (
    area_code varchar not null,
    segment varchar not null,
    definition_id varchar not null,
    reference_date date not null,
    eligible_count bigint not null,
    source varchar not null,
    vintage varchar not null
);
create or replace temp table funding_rules (
    risk_class integer not null,
    age_limit_months integer not null
);

create or replace temp table decided_pairs (
    pair_id uuid,
    person_id uuid,
    other_id uuid,
    decision varchar
);
