-- macros:  name_tokens, name_similarity, is_another_birth_date, is_another_person,
--          rule_rank
-- inputs:  none
-- params:  none
-- re-run:  replaces the macros
--
-- Is the person with this NIK in the list another one than in the BPJS extract? A low
-- bar on purpose: an equal NIK is strong evidence, a birth date may be corrected while
-- the NIK stays, and a name is written in many ways. Only a name that shares nothing
-- recognisable TOGETHER WITH another birth date speaks against it. Rules:
-- * academic titles after a comma are cut when the whole tail is titles;
-- * apostrophes join (La'ai = Laai), every other mark separates;
-- * bin/binti and H./Hj. are no part of a name; Muhammad in all spellings and Siti are
--   too common to be evidence while another token is left;
-- * similarity: each token of the shorter name with its best Jaro-Winkler partner in
--   the other name (an initial fits any word it begins), averaged; 1 = all found;
-- * a missing name or birth date is no evidence; nor is another day of the same year
--   when one of the dates stands for "not known" (1 January, 1 July, 31 December).
create or replace temp macro are_titles(tail) as
len(
    list_filter(
        regexp_split_to_array(
            trim(regexp_replace(tail, '\.\s*', '', 'g'), ' ,'), '[\s,]+'
        ),
        lambda word: word not in (
            'dr', 'dra', 'drg', 'drs', 'ir', 'prof', 'ns', 'apt', 'lc', 'phd', 'ba',
            'spd', 'spdi', 'sh', 'se', 'st', 'si', 'ssi', 'ssos', 'sag', 'sap', 'sip',
            'skom', 'skep', 'skeb', 'skm', 'skes', 'shut', 'spt', 'sp', 'stp', 'spi',
            'ssn', 'shum', 'spsi', 'sfarm', 'sked', 'sstp', 'sst', 'str', 'strkeb',
            'strkep', 'sei', 'shi', 'sthi', 'sgz', 'ak', 'akt', 'mpd', 'mpdi', 'mh',
            'me', 'mm', 'mt', 'msi', 'msos', 'mag', 'map', 'mip', 'mkom', 'mkep',
            'mkes', 'mhum', 'mpsi', 'mkn', 'mba', 'msc', 'mp', 'mec', 'amd', 'amdkeb',
            'amdkep', 'amdkom', 'ama', 'amk', 'spog', 'spa', 'spb'
        )
    )
) = 0;

create or replace temp macro name_without_titles(name) as
if(
    strpos(name, ',') > 1 and are_titles(substr(name, strpos(name, ',') + 1)),
    left(name, strpos(name, ',') - 1),
    name
);

create or replace temp macro all_name_tokens(name) as
list_transform(
    list_filter(
        string_split(
            regexp_replace(
                regexp_replace(
                    name_without_titles(lower(strip_accents(name))), '[''`‘’]', '', 'g'
                ),
                '[^a-z]+',
                ' ',
                'g'
            ),
            ' '
        ),
        lambda word: word not in (
            '', 'bin', 'binti', 'bintu', 'h', 'hj', 'haji', 'hajjah'
        )
    ),
    lambda word: case
        when word in (
            'm', 'md', 'muh', 'moh', 'mhd', 'mohd', 'muhd', 'moch', 'much', 'muhamad',
            'muhammad', 'mohamad', 'mohammad', 'mochamad', 'mochammad', 'muchamad',
            'muchammad', 'mukhamad', 'mukhammad', 'muhamed', 'mohammed'
        ) then 'muhammad'
        when word in ('st', 'sitti') then 'siti'
        else word
    end
);

create or replace temp macro telling_tokens(tokens) as
list_filter(tokens, lambda word: word not in ('muhammad', 'siti'));

create or replace temp macro name_tokens(name) as
if(
    len(telling_tokens(all_name_tokens(name))) > 0,
    telling_tokens(all_name_tokens(name)),
    all_name_tokens(name)
);

create or replace temp macro token_similarity(word, other) as
case
    when least(length(word), length(other)) = 1
        then (left(word, 1) = left(other, 1))::integer::double
    else jaro_winkler_similarity(word, other)
end;

create or replace temp macro tokens_found(shorter, longer) as
list_avg(
    list_transform(
        shorter,
        lambda word: list_max(
            list_transform(longer, lambda other: token_similarity(word, other))
        )
    )
);

create or replace temp macro name_similarity(name, other_name) as
case
    when len(name_tokens(name)) <= len(name_tokens(other_name))
        then tokens_found(name_tokens(name), name_tokens(other_name))
    else tokens_found(name_tokens(other_name), name_tokens(name))
end;

create or replace temp macro is_unknown_birthday(birth_date) as
(month(birth_date), day(birth_date)) in ((1, 1), (7, 1), (12, 31));

create or replace temp macro is_another_birth_date(birth_date, other_date) as
coalesce(
    birth_date <> other_date
    and not (
        year(birth_date) = year(other_date)
        and (is_unknown_birthday(birth_date) or is_unknown_birthday(other_date))
    ),
    false
);

create or replace temp macro is_another_person(
    name, birth_date, other_name, other_date
) as
case
    when is_another_birth_date(birth_date, other_date)
        then coalesce(name_similarity(name, other_name) < 0.70, false)
    else false
end;

-- The strongest rule first; what a pair is said to stand on where several hold.
create or replace temp macro rule_rank(link_rule) as
case link_rule
    when 'nik_equal' then 0
    when 'steward' then 1
    when 'nik_near' then 2
    when 'kpj_equal' then 3
    when 'probabilistic' then 4
    else 5
end;
