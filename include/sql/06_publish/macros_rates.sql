-- Contributions from the rows of contribution_rates (core/rates/relation.py).
-- The amount of a programme and bearer is round(sum(contribution_exact(...))) over its
-- rows: whole rupiah, half away from zero, like cakupan.core.rates.contribution.

-- Rupiah before rounding, decimal(38, 8). NULL where the base is needed and not known.
-- A base of more than 18 digits: DuckDB keeps products of narrower ones within 18.
create or replace macro contribution_exact(
    kind, rate_value, base_minimum, base_maximum, slice_from, slice_to, base
) as
case
    when kind = 'fixed' then cast(rate_value as decimal(38, 8))
    -- least and greatest leave out NULL: an unknown wage would become the cap
    when base is null and base_minimum is null then null
    when kind = 'percent'
        then
            cast(
                least(
                    greatest(cast(base as decimal(18, 2)), base_minimum),
                    base_maximum
                ) as decimal(20, 2)
            ) * rate_value * cast(0.01 as decimal(3, 2))
    when kind = 'slice'
        then
            cast(
                greatest(
                    least(cast(base as decimal(18, 2)), slice_to) - slice_from, 0
                ) as decimal(20, 2)
            ) * rate_value * cast(0.01 as decimal(3, 2))
end;

-- What a BPU month costs where no income is declared: one row per programme held.
-- grain: programme, sector_class, payer
create or replace temp view bpu_minimum_contributions as
select
    programme,
    sector_class,
    payer,
    cast(
        round(
            contribution_exact(
                kind,
                value,
                base_minimum,
                base_maximum,
                slice_from,
                slice_to,
                null
            )
        ) as decimal(18, 0)
    ) as contribution_rupiah,
from contribution_rates
where segment = 'BPU';

-- The same with the programmes side by side; protection is JKK and JKM together.
-- grain: sector_class, payer
create or replace temp view bpu_month_costs as
select
    sector_class,
    payer,
    max(contribution_rupiah) filter (where programme = 'JKK') as jkk,
    max(contribution_rupiah) filter (where programme = 'JKM') as jkm,
    max(contribution_rupiah) filter (where programme = 'JHT') as jht,
    sum(contribution_rupiah) filter (where programme in ('JKK', 'JKM')) as protection,
from bpu_minimum_contributions
group by sector_class, payer;

-- Paid by somebody other than the worker or the employer. An unknown payer is neither.
create or replace macro is_subsidised(payer) as
payer not in ('mandiri', 'perusahaan', 'tidak_diketahui');
