-- rule:   received = accepted + quarantined + rejected, for every file shown
-- inputs: monthly_reporting
-- result: area_code, dataset of rows that break it
select
    area_code,
    dataset,
from monthly_reporting
where
    (
        received_count is not null
        and received_count
        is distinct from accepted_count + quarantined_count + rejected_count
    )
    or (state = 'missing' and accepted_count > 0)
    or (state <> 'missing' and revision is null)
order by
    area_code,
    dataset
limit 1;
