-- How often the processing of a file was begun, and when last.
-- Frozen: a later change is a later revision.

alter table ops.submissions
add column if not exists tried_count integer not null default 0;

alter table ops.submissions add column if not exists tried_at timestamptz;
