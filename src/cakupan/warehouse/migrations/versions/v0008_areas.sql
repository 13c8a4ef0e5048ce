-- Areas over time.
-- Frozen: a later change is a later revision.

create table if not exists core.area_links (
    predecessor_code text not null,
    successor_code text not null,
    kind text not null,
    valid_from date not null,
    predecessor_name text,
    source text not null,
    certainty text not null,
    note text,
    constraint pk_area_links primary key (predecessor_code, successor_code, valid_from)
);
