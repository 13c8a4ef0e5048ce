-- table:  reports (scratch)
-- grain:  dataset, area_code
-- inputs: submissions (ledger)
-- params: $province_code, $first_day
-- re-run: same ledger rows, same result; order of arrival decides nothing but attempt
-- The file to show for each dataset and area: the latest accepted revision, or the last
-- refused file when none was accepted. A refused file replaces nothing.
create table reports as
with files_judged as (
    select
        *,
        coalesce(is_nil, false) or coalesce(received_count, 0) = 0 as is_nil_report,
    from submissions
    where
        province_code = $province_code
        and coverage_month = cast($first_day as date)
        and state in ('accepted', 'refused')
),

files_ranked as (
    select
        *,
        row_number() over (
            partition by dataset, area_code
            order by
                case state when 'accepted' then 0 else 1 end asc,
                revision desc nulls last,
                attempt desc
        ) as force_rank,
        first_value(state) over (
            partition by dataset, area_code
            order by attempt desc
        ) as last_state,
    from files_judged
)

select
    dataset,
    area_code,
    submission_id,
    revision,
    received_at,
    state = 'accepted' as is_accepted,
    last_state = 'refused' as is_refused,
    state = 'accepted' and is_nil_report as is_nil,
    -- rows that count: a nil report says zero, a file quarantined whole says nothing
    state = 'accepted' and (is_nil_report or accepted_count > 0) as is_usable,
    received_count,
    accepted_count,
    quarantined_count,
    rejected_count,
from files_ranked
where force_rank = 1;
