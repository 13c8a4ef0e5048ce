-- table:   person_key (temporary) and the macros identity_of(nik, kpj),
--          pseudonym(identity) and pair_key(person_id, birth_date, other_id)
-- grain:   one row, the two padded keys of RFC 2104
-- inputs:  none
-- params:  inner_pad, outer_pad: 64 bytes each; bound, so no SQL text holds the key
-- re-run:  replaces the table and the macros
--
-- HMAC(K, m) = sha256(outer_pad || sha256(inner_pad || m)); the pseudonym is its first
-- 128 bits. sha256() gives hexadecimal text, unhex() makes it bytes again.
create or replace temp table person_key as
select
    cast($inner_pad as blob) as inner_pad,
    cast($outer_pad as blob) as outer_pad,
from range(1);

-- What tells a participant from another: the NIK, else the KPJ.
create or replace temp macro identity_of(nik, kpj) as
coalesce(nik, 'kpj:' || kpj);

create or replace temp macro pseudonym(identity) as
left(
    sha256(
        (select person_key.outer_pad, from person_key)
        || unhex(
            sha256(
                (select person_key.inner_pad, from person_key)
                || encode(identity)
            )
        )
    ),
    32
)::uuid;

-- What a steward decides about: this person of the lists beside this participant. There
-- may be two people under one NIK; two people have two birth dates (is_another_person).
create or replace temp macro pair_key(person_id, birth_date, other_id) as
pseudonym(
    'pair:'
    || person_id
    || ':'
    || coalesce(birth_date::varchar, '')
    || ':'
    || other_id
);
