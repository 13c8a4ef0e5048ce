-- view: mart.monthly_findings
-- grain: one row per published number a reader has to be told something about
-- inputs: mart.monthly_coverage, ops.finding_codes
-- re-run: replaced whole
--
-- COVERAGE_ABOVE_100: more participants than the denominator counts. The number is not
-- capped; the row says what it can mean, with the figures it rests on.
create or replace view mart.monthly_findings as
select
    coverage.release_id,
    coverage.coverage_month,
    coverage.area_code,
    coverage.area_level,
    finding_codes.finding_code,
    finding_codes.severity,
    coverage.segment,
    coverage.definition_id,
    coverage.active_count,
    coverage.eligible_count,
    coverage.coverage_pct,
    coverage.denominator_source,
    coverage.denominator_date,
    coverage.denominator_vintage,
    finding_codes.explanation,
    finding_codes.fix_hint
from mart.monthly_coverage as coverage
inner join ops.finding_codes as finding_codes
    on finding_codes.finding_code = 'COVERAGE_ABOVE_100'
where
    coverage.is_above_100
    and coverage.programme = 'ANY'
