-- table:   findings, quarantined_rows (temporary)
-- grain:   findings: one per code, field and source_row (grade record); file-level ones
--          come from the caller. quarantined_rows: source_row
-- inputs:  failures (rule_id, source_row), rules (rule_id, code, severity, field),
--          prior_findings (of landing and staging)
-- params:  none
-- re-run:  replaced whole
--
-- What staging already reported of a row is not said twice.
create or replace temp table findings as
with rows_failing_a_rule as (
    select distinct
        rules.code,
        'record' as grade,
        rules.severity,
        rules.field,
        cast(failures.source_row as integer) as source_row,
        cast(1 as integer) as row_count,
        '' as detail
    from failures
    inner join rules on failures.rule_id = rules.rule_id
),

rows_not_reported_before as (
    select rows_failing_a_rule.*
    from rows_failing_a_rule
    where not exists (
        select 1
        from prior_findings
        where
            prior_findings.code = rows_failing_a_rule.code
            and prior_findings.field = rows_failing_a_rule.field
            and prior_findings.source_row = rows_failing_a_rule.source_row
    )
)

select *
from rows_not_reported_before
union all
select distinct
    code,
    grade,
    severity,
    field,
    source_row,
    row_count,
    detail
from prior_findings;

create or replace temp table quarantined_rows as
select distinct source_row
from findings
where grade = 'record' and severity = 'critical' and source_row is not null;
