-- Review: pairs in doubt, both sides of them, and what stewards decided.
-- Frozen: a later change is a later revision.

create table if not exists core.review_pairs (
    coverage_month date not null,
    province_code text not null,
    pair_id uuid not null,
    area_code text not null,
    worker_group text not null,
    person_id uuid not null,
    other_id uuid not null,
    link_rule text not null,
    probability numeric(6, 5) not null,
    evidence text not null,
    decision text,
    submission_id text not null,
    source_row integer not null
);

create unique index if not exists ix_review_pairs_grain on core.review_pairs
(coverage_month, province_code, pair_id);

create table if not exists vault.review_decisions (
    decision_id serial not null,
    province_code text not null,
    coverage_month date not null,
    pair_id uuid not null,
    person_id uuid not null,
    other_id uuid not null,
    decision text not null,
    decided_by text not null,
    role_name text not null,
    decided_at timestamptz not null,
    constraint pk_review_decisions primary key (decision_id),
    constraint ck_review_decisions_decision
    check (decision in ('same', 'different', 'unsure'))
);

create index if not exists ix_review_decisions_pair on vault.review_decisions
(province_code, pair_id, decision_id);

create table if not exists vault.review_records (
    coverage_month date not null,
    province_code text not null,
    pair_id uuid not null,
    side text not null,
    area_code text not null,
    nik text,
    kpj text,
    name text,
    birth_date date,
    sex text,
    village_code text,
    address text
);

create unique index if not exists ix_review_records_grain on vault.review_records
(coverage_month, province_code, pair_id, side);

alter table core.links
add column if not exists link_state text not null default 'tidak_diketahui';

alter table core.links alter column link_state drop default;

alter table mart.monthly_protection_history
add column if not exists probable_count integer;

alter table mart.monthly_protection_history
add column if not exists probable_pct numeric(9, 2);
