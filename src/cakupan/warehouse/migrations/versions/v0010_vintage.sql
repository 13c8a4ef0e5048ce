-- Vintage of denominators; the meaning of finding codes.
-- Frozen: a later change is a later revision.

create table if not exists ops.finding_codes (
    finding_code text not null,
    grade text not null,
    severity text not null,
    title text not null,
    explanation text not null,
    fix_hint text not null,
    constraint pk_finding_codes primary key (finding_code)
);

alter table core.denominators add column if not exists vintage text;

alter table mart.monthly_coverage_history
add column if not exists denominator_vintage text;
