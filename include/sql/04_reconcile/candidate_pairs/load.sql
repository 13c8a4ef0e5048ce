-- table:   candidate_pairs, candidate_caps (temporary)
-- grain:   one row per unlinked entry and free participant worth comparing; one row
-- inputs:  unlinked_entries, free_participants, decided_now, macro identity_of
-- params:  budget: pairs at most, before numbers are looked at; sample: entries with a
--          NIK whose pairs are kept whatever the numbers
-- re-run:  replaces both
--
-- Entries and participants are numbered in an order that looks like chance and that no
-- key of a deployment decides: a hash of the NIK, or of the KPJ. To the matching engine
-- these numbers are the ids, as the order of the ids decides what it learns from.
--
-- Pairs that share a blocking value. Where one side has no NIK: birth date and a word of
-- the name; regency and birth date; regency, whole name and the year, or the day and
-- month, of birth. Where both have one: a half of it (one edit leaves the other intact)
-- with the birth date or the whole name. Always: birth date and whole name. Values so
-- many share that the pairs would go beyond the budget are left out, the largest first.
-- Where both have a NIK only near ones (two edits at most) and pairs of equal name and
-- birth date are wanted. The sample adds pairs found without a look at the number
-- (is_blind), from which it can be learned how alike the numbers of strangers are.
create or replace temp macro words_of_name(name) as
coalesce(
    list_filter(
        list_distinct(
            string_split(translate(upper(name), '.,''`-', '   '), ' ')
        ),
        lambda word: length(word) > 2
    ),
    []
);

create or replace temp macro whole_name_key(birth_date, words) as
if(birth_date is null or len(words) < 2, null, hash(1, birth_date, list_sort(words)));

-- The kinds of keys are numbered. An entry without NIK looks for participants of any
-- kind, one with a NIK, by the same values, only for those without (kind + 1).
create or replace temp macro word_keys(kind, birth_date, words) as
list_transform(
    if(birth_date is null, [], words), lambda word: hash(kind, birth_date, word)
);

create or replace temp macro keys_without_nik(kind, birth_date, regency, words) as
if(
    birth_date is null or regency is null,
    [],
    list_concat(
        [hash(kind, regency, birth_date)],
        if(
            len(words) = 0,
            [],
            [
                hash(kind + 2, list_sort(words), regency, year(birth_date)),
                hash(
                    kind + 4,
                    list_sort(words),
                    regency,
                    month(birth_date),
                    day(birth_date)
                )
            ]
        )
    )
);

create or replace temp macro keys_of_nik(nik, birth_date, regency, words) as
if(
    nik is null,
    [],
    list_concat(
        if(
            birth_date is null,
            [],
            [
                hash(20, left(nik, 8), birth_date),
                hash(21, right(nik, 8), birth_date, regency)
            ]
        ),
        if(
            len(words) = 0,
            [],
            [
                hash(22, left(nik, 8), list_sort(words)),
                hash(23, right(nik, 8), list_sort(words))
            ]
        )
    )
);

create or replace temp table entries_taken_apart as
select
    entry_id,
    nik,
    birth_date,
    regency_code,
    row_number() over (order by nik is null, sha256(nik), entry_id) as entry_no,
    words_of_name(name) as words,
from unlinked_entries;

create or replace temp table entry_keys as
with keys as (
    select
        entry_no,
        false as is_blind,
        whole_name_key(birth_date, words) as whole_name,
        unnest(
            list_concat(
                [whole_name_key(birth_date, words)],
                keys_of_nik(nik, birth_date, regency_code, words),
                word_keys(if(nik is null, 2, 3), birth_date, words),
                keys_without_nik(
                    if(nik is null, 10, 11), birth_date, regency_code, words
                )
            )
        ) as key,
    from entries_taken_apart
    union all
    select
        entry_no,
        true as is_blind,
        null as whole_name,
        unnest(word_keys(2, birth_date, words)) as key,
    from entries_taken_apart
    where entry_no <= $sample and nik is not null
)

select
    entry_no,
    is_blind,
    coalesce(key = whole_name, false) as is_whole_name,
    key,
from keys
where key is not null;

create or replace temp table entry_key_sizes as
select
    key,
    count(*) as row_count,
from entry_keys
group by key;

create or replace temp table participant_keys as
with participants_taken_apart as (
    select
        person_id,
        nik,
        birth_date,
        area_code,
        words_of_name(name) as words,
    from free_participants
),

keys as (
    select
        person_id,
        unnest(
            list_concat(
                [whole_name_key(birth_date, words)],
                keys_of_nik(nik, birth_date, area_code, words),
                word_keys(2, birth_date, words),
                keys_without_nik(10, birth_date, area_code, words),
                if(
                    nik is null,
                    list_concat(
                        word_keys(3, birth_date, words),
                        keys_without_nik(11, birth_date, area_code, words)
                    ),
                    []
                )
            )
        ) as key,
    from participants_taken_apart
)

select
    keys.person_id,
    keys.key,
from keys
semi join entry_key_sizes on keys.key = entry_key_sizes.key;

create or replace temp table key_budget as
with participant_key_sizes as (
    select
        key,
        count(*) as row_count,
    from participant_keys
    group by key
),

sizes as (
    select
        entry_key_sizes.key,
        entry_key_sizes.row_count * participant_key_sizes.row_count as pair_count,
    from entry_key_sizes
    inner join participant_key_sizes
        on entry_key_sizes.key = participant_key_sizes.key
),

sums as (
    select
        pair_count,
        count(*) as key_count,
        sum(sum(pair_count)) over (order by pair_count) as pairs_so_far,
    from sizes
    group by pair_count
)

select
    sizes.key,
    sums.pairs_so_far <= $budget as is_searched,
from sizes
inner join sums on sizes.pair_count = sums.pair_count;

create or replace temp table pairs_found as
select
    entry_keys.entry_no,
    participant_keys.person_id,
    bool_or(entry_keys.is_blind) as is_blind,
    bool_or(entry_keys.is_whole_name) as has_equal_name,
from entry_keys
inner join key_budget on entry_keys.key = key_budget.key
inner join participant_keys on entry_keys.key = participant_keys.key
where key_budget.is_searched
group by entry_keys.entry_no, participant_keys.person_id;

create or replace temp table candidate_pairs as
with participants as (
    select
        free_participants.person_id,
        min(free_participants.nik) as nik,
        min(identity_of(free_participants.nik, free_participants.kpj)) as identity,
    from free_participants
    semi join pairs_found on free_participants.person_id = pairs_found.person_id
    group by free_participants.person_id
),

participants_numbered as (
    select
        person_id,
        nik,
        row_number() over (order by sha256(identity)) as participant_no,
    from participants
),

pairs_weighed as (
    select
        entries_taken_apart.entry_id,
        pairs_found.person_id,
        'e' || lpad(entries_taken_apart.entry_no::varchar, 12, '0') as left_id,
        'p' || lpad(participants_numbered.participant_no::varchar, 12, '0')
            as right_id,
        pairs_found.is_blind,
        entries_taken_apart.nik is null
        or participants_numbered.nik is null
        or pairs_found.has_equal_name
        or damerau_levenshtein(entries_taken_apart.nik, participants_numbered.nik) <= 2
            as is_wanted,
    from pairs_found
    inner join entries_taken_apart
        on pairs_found.entry_no = entries_taken_apart.entry_no
    inner join participants_numbered
        on pairs_found.person_id = participants_numbered.person_id
)

select pairs_weighed.*,
from pairs_weighed
anti join decided_now
    on
        pairs_weighed.entry_id = decided_now.entry_id
        and pairs_weighed.person_id = decided_now.other_id
        and decided_now.decision = 'different'
where pairs_weighed.is_blind or pairs_weighed.is_wanted;

create or replace temp table candidate_caps as
select
    count(*) filter (where not is_searched) as keys_left_out,
    (select count(*) from unlinked_entries) as entry_count,
    (select count(distinct person_id) from free_participants) as participant_count,
from key_budget;

-- Eighty million keys at ten times a province: nobody reads them any more, and they would
-- take memory from every step that follows.
drop table entries_taken_apart;
drop table entry_keys;
drop table entry_key_sizes;
drop table participant_keys;
drop table key_budget;
drop table pairs_found;
