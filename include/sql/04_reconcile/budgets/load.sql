-- table:   budgets (temporary view) -> core.budgets
-- grain:   one row per row of the budget files in force
-- inputs:  budget_rows, budget_reports
-- params:  none
-- re-run:  replaces the view; the slice (month, province) is replaced whole
create or replace temp view budgets as
select
    budget_reports.coverage_month,
    budget_reports.province_code,
    budget_rows.area_code,
    budget_rows.fiscal_year,
    budget_rows.worker_group,
    budget_rows.payer,
    budget_rows.budget_document,
    budget_rows.budgeted_count,
    budget_rows.budgeted_months,
    budget_rows.budget_rupiah,
    budget_rows.realised_rupiah,
    budget_rows.submission_id,
    budget_rows.source_row,
from budget_rows
inner join budget_reports
    on
        budget_rows.submission_id = budget_reports.submission_id
        and budget_rows.fiscal_year = budget_reports.fiscal_year;
