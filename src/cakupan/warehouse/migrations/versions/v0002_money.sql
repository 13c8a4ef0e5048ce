-- Money, history of releases and participation as validity ranges.
-- Frozen: a later change is a later revision.

create table if not exists core.budget_reports (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    fiscal_year smallint not null,
    reported_month date not null,
    is_nil boolean not null,
    submission_id text not null
);

create unique index if not exists ix_budget_reports_grain on core.budget_reports
(coverage_month, province_code, area_code, fiscal_year);

create table if not exists core.budgets (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    fiscal_year smallint not null,
    worker_group text not null,
    payer text not null,
    budget_document text,
    budgeted_count integer,
    budgeted_months numeric(5, 2),
    budget_rupiah numeric(18, 2) not null,
    realised_rupiah numeric(18, 2),
    submission_id text not null,
    source_row integer not null
);

create unique index if not exists ix_budgets_grain on core.budgets
(submission_id, source_row, coverage_month, province_code);

create table if not exists core.claims (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    claim_id uuid not null,
    programme text not null,
    person_id uuid,
    event_date date,
    paid_date date not null,
    paid_rupiah numeric(18, 2) not null,
    is_participant boolean,
    submission_id text not null,
    source_row integer not null
);

create unique index if not exists ix_claims_grain on core.claims
(submission_id, source_row, coverage_month, province_code);

create table if not exists core.contributions (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    worker_group text not null,
    payer text not null,
    membership_id uuid,
    person_id uuid,
    segment text,
    contribution_month date not null,
    jkk_rupiah numeric(18, 2),
    jkm_rupiah numeric(18, 2),
    jht_rupiah numeric(18, 2),
    jp_rupiah numeric(18, 2),
    jkp_rupiah numeric(18, 2),
    total_rupiah numeric(18, 2) not null,
    paid_date date,
    is_active boolean,
    ineligible_kind text,
    submission_id text not null,
    source_row integer not null
)
partition by list (coverage_month);

create unique index if not exists ix_contributions_grain on core.contributions
(submission_id, source_row, coverage_month, province_code);

create index if not exists ix_contributions_person on core.contributions (person_id);

create table if not exists core.participation_history (
    province_code text not null,
    membership_id uuid not null,
    person_id uuid not null,
    segment text not null,
    area_code text not null,
    payer text not null,
    sector text,
    has_jkk boolean,
    has_jkm boolean,
    has_jht boolean,
    has_jp boolean,
    has_jkp boolean,
    registration_date date,
    valid_from date not null,
    valid_to date,
    known_from_at timestamptz not null,
    known_to_at timestamptz
)
partition by list (province_code);

create unique index if not exists ix_participation_history_grain
on core.participation_history
(membership_id, valid_from, known_from_at, province_code);

create table if not exists core.participation_snapshots (
    province_code text not null,
    coverage_month date not null,
    area_code text not null,
    known_from_at timestamptz not null,
    known_to_at timestamptz,
    is_final boolean not null,
    membership_count integer not null,
    constraint pk_participation_snapshots
    primary key (province_code, coverage_month, area_code, known_from_at)
);

create table if not exists core.pledges (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    company text not null,
    agreement_number text,
    worker_group text not null,
    pledged_count integer,
    pledged_months numeric(5, 2),
    pledge_rupiah numeric(18, 2),
    submission_id text not null,
    source_row integer not null
);

create unique index if not exists ix_pledges_grain on core.pledges
(submission_id, source_row, coverage_month, province_code);

create table if not exists core.policies (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    policy_kind text not null,
    policy_number text not null,
    issued_date date not null,
    valid_to date,
    title text,
    submission_id text not null,
    source_row integer not null
);

create unique index if not exists ix_policies_grain on core.policies
(submission_id, source_row, coverage_month, province_code);

create table if not exists core.verifications (
    coverage_month date not null,
    province_code text not null,
    person_id uuid not null,
    match_status text not null,
    status_date date not null,
    submission_id text not null,
    source_row integer not null
);

create unique index if not exists ix_verifications_grain on core.verifications
(person_id, coverage_month, province_code);

create table if not exists mart.monthly_benefits_history (
    release_id text not null,
    coverage_month date not null,
    area_code text not null,
    area_level text not null,
    programme text not null,
    claim_count integer,
    paid_rupiah numeric(18, 2),
    constraint pk_monthly_benefits_history
    primary key (release_id, coverage_month, area_code, programme)
);

create table if not exists mart.monthly_early_warning_history (
    release_id text not null,
    coverage_month date not null,
    area_code text not null,
    area_level text not null,
    kind text not null,
    worker_group text not null,
    person_count integer,
    constraint pk_monthly_early_warning_history
    primary key (release_id, coverage_month, area_code, kind, worker_group)
);

create table if not exists mart.monthly_funding_history (
    release_id text not null,
    coverage_month date not null,
    area_code text not null,
    area_level text not null,
    fiscal_year smallint not null,
    worker_group text not null,
    payer text not null,
    has_budget boolean,
    budget_rupiah numeric(18, 2),
    realised_rupiah numeric(18, 2),
    budgeted_count integer,
    months_covered numeric(9, 2),
    registered_count integer,
    active_count integer,
    budgeted_not_active_count integer,
    expected_rupiah numeric(18, 2),
    unpriced_count integer,
    paid_rupiah numeric(18, 2),
    double_funded_count integer,
    ineligible_rupiah numeric(18, 2),
    ineligible_basis text,
    constraint pk_monthly_funding_history
    primary key (
        release_id, coverage_month, area_code, fiscal_year,
        worker_group, payer
    )
);

create table if not exists mart.release_differences (
    release_id text not null,
    previous_release_id text not null,
    coverage_month date not null,
    table_name text not null,
    area_code text not null,
    cell_key text not null,
    measure text not null,
    before_value text,
    after_value text,
    constraint pk_release_differences
    primary key (
        release_id, previous_release_id, table_name, area_code,
        cell_key, measure
    )
);

create table if not exists mart.release_movements (
    release_id text not null,
    previous_release_id text not null,
    coverage_month date not null,
    area_code text not null,
    source text not null,
    group_code text not null,
    entered_count integer not null,
    left_count integer not null,
    changed_count integer not null,
    constraint pk_release_movements
    primary key (release_id, previous_release_id, area_code, source, group_code)
);

alter table core.discrepancies alter column rupiah type numeric(18, 2);

-- What rows loaded earlier get: their months are computed again with the next run, as
-- the version of the program has changed.
alter table core.registry
add column if not exists funding_payer text not null default 'tidak_diketahui';

alter table core.registry alter column funding_payer drop default;

alter table core.registry add column if not exists expected_rupiah numeric(18, 0);

alter table core.registry
add column if not exists is_reaching_age_limit boolean not null default false;

alter table core.registry alter column is_reaching_age_limit drop default;

alter table mart.monthly_discrepancies_history alter column rupiah type numeric(18, 2);
