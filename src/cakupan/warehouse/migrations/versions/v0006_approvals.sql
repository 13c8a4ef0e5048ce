-- Approvals and deliveries of reports.
-- Frozen: a later change is a later revision.

create table if not exists ops.deliveries (
    delivery_id text not null,
    kind text not null,
    area_code text not null,
    coverage_month date not null,
    release_id text,
    submissions jsonb not null,
    recipient text not null,
    state text not null,
    attempt_count integer default 0 not null,
    code text,
    created_at timestamptz not null,
    tried_at timestamptz,
    sent_at timestamptz,
    constraint pk_deliveries primary key (delivery_id),
    constraint ck_deliveries_state
    check (state in ('pending', 'sent', 'failed', 'refused'))
);

create index if not exists ix_deliveries_coverage_month_area_code on ops.deliveries
(coverage_month, area_code);

create table if not exists ops.release_decisions (
    decision_id bigint generated always as identity,
    release_id text not null,
    decision text not null,
    decided_at timestamptz not null,
    decided_by text,
    decided_by_name text,
    note text,
    channel text not null,
    content_sha256 text not null,
    files_sha256 text,
    constraint pk_release_decisions primary key (decision_id),
    constraint ck_release_decisions_person
    check (decision not in ('approved', 'rejected') or decided_by is not null),
    constraint ck_release_decisions_decision
    check (decision in ('requested', 'approved', 'rejected', 'not_required'))
);

create index if not exists ix_release_decisions_release_id on ops.release_decisions
(release_id);

alter table ops.run_digests add column if not exists mail_code text;

-- What was published before was released without an approval.
insert into ops.release_decisions
(release_id, decision, decided_at, channel, content_sha256)
select
    r.release_id,
    'not_required' as decision,
    r.released_at,
    'migration' as channel,
    r.content_sha256
from ops.releases as r
where
    not exists (
        select 1 from ops.release_decisions as d
        where d.release_id = r.release_id
    )
order by r.released_at, r.release_id;
