-- table:  monthly_reporting
-- grain:  area_code, dataset
-- inputs: area_scope, contracts, due_exceptions, reports
-- params: $province_code, $first_day
-- re-run: same ledger rows, same result
-- What every area had to send and what came. The revision in force is shown; a refused
-- file that replaced nothing is missing, with its rows. A snapshot is expected from the
-- province in one file, or, once a regency sent its own instead, from every regency. Who
-- was allowed to send it later has the later due date.
create table monthly_reporting as
with areas_with_desa as (
    select distinct regency_code as area_code,
    from area_scope
    where area_level = 'village' and village_kind in ('desa', 'desa_adat')
),

datasets_sent_by_regency_instead as (
    select contracts.dataset,
    from contracts
    inner join reports
        on contracts.dataset = reports.dataset
    where contracts.expected_from = 'province'
    group by contracts.dataset
    having not bool_or(reports.area_code = $province_code)
),

expected_reports as (
    select
        contracts.dataset,
        area_scope.area_code,
    from contracts
    inner join area_scope
        on
            case
                when contracts.expected_from = 'province'
                    then
                        area_scope.area_level = case
                            when contracts.dataset in (
                                select dataset, from datasets_sent_by_regency_instead
                            ) then 'regency'
                            else 'province'
                        end
                when contracts.expected_from = 'regency'
                    then area_scope.area_level = 'regency'
                when contracts.expected_from = 'regency_with_desa'
                    then
                        area_scope.area_level = 'regency'
                        and area_scope.area_code in (
                            select area_code, from areas_with_desa
                        )
                else false
            end
),

reports_expected_or_sent as (
    select
        coalesce(expected_reports.area_code, reports.area_code) as area_code,
        coalesce(expected_reports.dataset, reports.dataset) as dataset,
        expected_reports.dataset is not null as is_expected,
        coalesce(reports.is_accepted, false) as is_accepted,
        coalesce(reports.is_refused, false) as is_refused,
        coalesce(reports.is_nil, false) as is_nil,
        reports.received_at,
        reports.revision,
        reports.received_count,
        reports.accepted_count,
        reports.quarantined_count,
        reports.rejected_count,
    from expected_reports
    full join reports
        on
            expected_reports.dataset = reports.dataset
            and expected_reports.area_code = reports.area_code
),

due_dates as (
    select
        reports_expected_or_sent.area_code,
        reports_expected_or_sent.dataset,
        coalesce(due_exceptions.due_at, contracts.due_at) as due_at,
    from reports_expected_or_sent
    left join contracts
        on reports_expected_or_sent.dataset = contracts.dataset
    left join due_exceptions
        on
            reports_expected_or_sent.dataset = due_exceptions.dataset
            and reports_expected_or_sent.area_code = due_exceptions.area_code
)

select
    cast($first_day as date) as coverage_month,
    reports_expected_or_sent.area_code,
    case length(reports_expected_or_sent.area_code)
        when 2 then 'province' when 5 then 'regency' when 8 then 'district'
        else 'village'
    end as area_level,
    reports_expected_or_sent.dataset,
    due_dates.due_at,
    reports_expected_or_sent.received_at,
    case
        when not reports_expected_or_sent.is_accepted then 'missing'
        when reports_expected_or_sent.is_nil then 'nil'
        when reports_expected_or_sent.received_at > due_dates.due_at then 'late'
        else 'on_time'
    end as state,
    reports_expected_or_sent.is_expected,
    reports_expected_or_sent.is_refused,
    cast(reports_expected_or_sent.revision as integer) as revision,
    cast(reports_expected_or_sent.received_count as integer) as received_count,
    cast(reports_expected_or_sent.accepted_count as integer) as accepted_count,
    cast(reports_expected_or_sent.quarantined_count as integer) as quarantined_count,
    cast(reports_expected_or_sent.rejected_count as integer) as rejected_count,
from reports_expected_or_sent
left join due_dates
    on
        reports_expected_or_sent.area_code = due_dates.area_code
        and reports_expected_or_sent.dataset = due_dates.dataset
order by
    area_code,
    dataset;
