-- macros:  is_civil_servant
-- inputs:  none
-- params:  none
-- re-run:  replaces the macros

-- A position or occupation that names a civil servant (ASN: PNS, CPNS, PPPK) or a member
-- of TNI or POLRI. "Non ASN", a pensioner and a relative of one are not.
create or replace temp macro is_civil_servant(job_title) as
regexp_matches(lower(job_title), '\b(asn|pns|cpns|pppk|p3k|tni|polri)\b')
and not regexp_matches(
    lower(job_title),
    '\b(non|bukan|pensiunan?|purna\w*|mantan|eks|istri|suami|anak|keluarga|calon)\b'
);
