-- The warehouse as of version 0.1.0.
-- Frozen: a later change is a later revision.

create table if not exists core.areas (
    area_code text not null,
    area_level text not null,
    name text not null,
    parent_code text,
    bps_code text,
    village_kind text,
    valid_from date,
    valid_to date,
    constraint pk_areas primary key (area_code)
);

create table if not exists core.denominators (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    segment text not null,
    definition_id text not null,
    reference_date date not null,
    eligible_count integer not null,
    source text not null,
    submission_id text
);

create unique index if not exists ix_denominators_grain on core.denominators
(coverage_month, province_code, area_code, segment, definition_id);

create table if not exists core.discrepancies (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    kind text not null,
    person_id uuid,
    worker_group text,
    detail text not null,
    rupiah numeric(18, 0),
    submission_id text,
    source_row integer
)
partition by list (coverage_month);

create index if not exists ix_discrepancies_person on core.discrepancies (person_id);

create table if not exists core.links (
    coverage_month date not null,
    province_code text not null,
    person_id uuid not null,
    membership_id uuid not null,
    link_rule text not null,
    probability numeric(6, 5) not null,
    evidence text not null
)
partition by list (coverage_month);

create unique index if not exists ix_links_grain on core.links
(person_id, membership_id, coverage_month, province_code);

create table if not exists core.participation (
    coverage_month date not null,
    province_code text not null,
    membership_id uuid not null,
    person_id uuid not null,
    segment text not null,
    area_code text not null,
    village_code text,
    payer text not null,
    sector text,
    has_jkk boolean,
    has_jkm boolean,
    has_jht boolean,
    has_jp boolean,
    has_jkp boolean,
    registration_date date,
    paid_through_month date,
    unpaid_months smallint,
    participation_state text not null,
    is_new boolean,
    period_status text,
    submission_id text not null,
    source_row integer not null
)
partition by list (coverage_month);

create unique index if not exists ix_participation_grain on core.participation
(membership_id, coverage_month, province_code);

create index if not exists ix_participation_person on core.participation (person_id);

create table if not exists core.persons (
    person_id uuid not null,
    province_code text not null,
    key_id text not null,
    identified_by text not null,
    birth_year smallint,
    sex text,
    first_seen_month date not null,
    constraint pk_persons primary key (person_id, province_code)
)
partition by list (province_code);

create table if not exists core.registry (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    worker_group text not null,
    person_id uuid not null,
    village_code text,
    payer text not null,
    registration_status text,
    position text,
    income_rupiah numeric(18, 0),
    start_date date,
    end_date date,
    age_years smallint,
    protection_state text,
    is_new boolean,
    is_ineligible boolean not null,
    programmes text,
    link_rule text,
    submission_id text not null,
    source_row integer not null
)
partition by list (coverage_month);

create unique index if not exists ix_registry_grain on core.registry
(person_id, worker_group, area_code, coverage_month, province_code);

create table if not exists core.targets (
    coverage_month date not null,
    province_code text not null,
    area_code text not null,
    target_year smallint not null,
    segment text not null,
    unit text not null,
    value numeric(18, 4) not null,
    source text not null,
    submission_id text
);

create unique index if not exists ix_targets_grain on core.targets
(coverage_month, province_code, area_code, target_year, segment, unit);

create table if not exists mart.monthly_coverage_history (
    release_id text not null,
    coverage_month date not null,
    area_code text not null,
    area_level text not null,
    segment text not null,
    programme text not null,
    definition_id text not null,
    active_count integer,
    paid_up_count integer,
    grace_count integer,
    lapsed_count integer,
    membership_count integer,
    eligible_count integer,
    coverage_pct numeric(9, 2),
    is_above_100 boolean,
    target_count integer,
    target_pct numeric(9, 2),
    denominator_source text,
    denominator_date date,
    constraint pk_monthly_coverage_history
    primary key (
        release_id, coverage_month, area_code, segment, programme,
        definition_id
    )
);

create table if not exists mart.monthly_discrepancies_history (
    release_id text not null,
    coverage_month date not null,
    area_code text not null,
    area_level text not null,
    kind text not null,
    person_count integer,
    rupiah numeric(18, 0),
    constraint pk_monthly_discrepancies_history
    primary key (release_id, coverage_month, area_code, kind)
);

create table if not exists mart.monthly_protection_history (
    release_id text not null,
    coverage_month date not null,
    area_code text not null,
    area_level text not null,
    worker_group text not null,
    payer text not null,
    registered_count integer,
    verified_count integer,
    determined_count integer,
    active_count integer,
    grace_count integer,
    lapsed_count integer,
    unenrolled_count integer,
    ineligible_count integer,
    review_count integer,
    constraint pk_monthly_protection_history
    primary key (release_id, coverage_month, area_code, worker_group, payer)
);

create table if not exists mart.monthly_reporting_history (
    release_id text not null,
    coverage_month date not null,
    area_code text not null,
    area_level text not null,
    dataset text not null,
    due_at timestamptz,
    received_at timestamptz,
    state text not null,
    is_expected boolean not null,
    is_refused boolean not null,
    revision integer,
    received_count integer,
    accepted_count integer,
    quarantined_count integer,
    rejected_count integer,
    constraint pk_monthly_reporting_history
    primary key (release_id, coverage_month, area_code, dataset)
);

create table if not exists mart.monthly_village_coverage_history (
    release_id text not null,
    coverage_month date not null,
    area_code text not null,
    area_level text not null,
    worker_group text not null,
    registered_count integer,
    active_count integer,
    is_covered boolean,
    programmes text,
    village_count integer,
    covered_village_count integer,
    covered_village_pct numeric(9, 2),
    constraint pk_monthly_village_coverage_history
    primary key (release_id, coverage_month, area_code, worker_group)
);

create table if not exists ops.column_facts (
    schema_name text not null,
    table_name text not null,
    column_name text not null,
    sensitivity text not null,
    unit text,
    constraint pk_column_facts primary key (schema_name, table_name, column_name)
);

create table if not exists ops.current_releases (
    province_code text not null,
    coverage_month date not null,
    release_id text not null,
    constraint pk_current_releases primary key (province_code, coverage_month)
);

create table if not exists ops.findings (
    submission_id text not null,
    code text not null,
    grade text not null,
    severity text not null,
    field text not null,
    source_row integer,
    row_count integer not null,
    detail text not null
);

create index if not exists ix_findings_submission_id on ops.findings (submission_id);

create table if not exists ops.release_inputs (
    release_id text not null,
    submission_id text not null,
    constraint pk_release_inputs primary key (release_id, submission_id)
);

create table if not exists ops.releases (
    release_id text not null,
    province_code text not null,
    coverage_month date not null,
    sequence integer not null,
    status text not null,
    expected_count integer not null,
    present_count integer not null,
    completeness_pct numeric(6, 2) not null,
    content_sha256 text not null,
    inputs_hash text not null,
    files_prefix text not null,
    released_at timestamptz not null,
    supersedes text,
    constraint pk_releases primary key (release_id)
);

create index if not exists ix_releases_province_code_coverage_month
on ops.releases
(province_code, coverage_month);

create table if not exists ops.run_digests (
    run_id text not null,
    dag_id text not null,
    written_at timestamptz not null,
    content_sha256 text not null,
    content jsonb not null,
    mailed_at timestamptz,
    constraint pk_run_digests primary key (run_id)
);

create table if not exists ops.slices (
    province_code text not null,
    coverage_month date not null,
    stage text not null,
    generation bigint default 0 not null,
    inputs_hash text,
    loaded_at timestamptz,
    constraint pk_slices primary key (province_code, coverage_month, stage)
);

create table if not exists ops.submissions (
    submission_id text not null,
    dataset text not null,
    area_code text not null,
    province_code text not null,
    coverage_month date not null,
    attempt integer not null,
    revision integer,
    landing_number bigint generated always as identity,
    landing_key_sha256 text not null,
    landing_etag text,
    file_name text not null,
    file_format text,
    sha256 text not null,
    size_bytes bigint not null,
    state text not null,
    duplicate_of text,
    received_at timestamptz not null,
    processed_at timestamptz,
    is_nil boolean,
    received_count integer,
    accepted_count integer,
    quarantined_count integer,
    rejected_count integer,
    layout jsonb,
    staged_sha256 text,
    constraint pk_submissions primary key (submission_id),
    constraint ck_submissions_state
    check (state in ('received', 'duplicate', 'refused', 'accepted')),
    constraint ck_submissions_balance
    check (
        received_count is null
        or received_count = accepted_count + quarantined_count + rejected_count
    )
);

create unique index
if not exists ix_submissions_dataset_area_code_coverage_month_attempt
on ops.submissions
(dataset, area_code, coverage_month, attempt);

create index if not exists ix_submissions_landing_key_sha256_landing_number
on ops.submissions
(landing_key_sha256, landing_number);

create index if not exists ix_submissions_province_code_coverage_month
on ops.submissions
(province_code, coverage_month);

create table if not exists vault.access_log (
    access_id serial not null,
    accessed_at timestamptz not null,
    role_name text not null,
    purpose text not null,
    row_count integer not null,
    constraint pk_access_log primary key (access_id)
);

create table if not exists vault.identities (
    person_id uuid not null,
    province_code text not null,
    nik text,
    kpj text,
    name text,
    birth_date date,
    address text,
    phone text,
    last_seen_month date not null,
    constraint pk_identities primary key (person_id, province_code)
)
partition by list (province_code);

create index if not exists ix_identities_nik on vault.identities (nik);
