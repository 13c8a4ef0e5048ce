"""The engine: two files of persons in, links with rule, probability and evidence out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from cakupan.core.engine import Session
from cakupan.matching import ladder, model
from cakupan.matching.assign import match_chances, one_to_one
from cakupan.matching.blocks import Blocks, Candidates, choose_pairs, given_pairs
from cakupan.matching.bonds import Bonds, measure_bonds
from cakupan.matching.compare import Levels, compare
from cakupan.matching.niks import read_niks
from cakupan.matching.pairs import joined, log_prior, persons, random_pairs
from cakupan.matching.people import Array, People, one_row_per_id, prepare
from cakupan.matching.priors import is_held
from cakupan.matching.report import LinkReport, field_report
from cakupan.matching.shares import Shares, measure

DEFAULT_THRESHOLD = 0.7
_SEED = 20_261_122
_ROUNDS = 15
_HOPELESS = -9.0
_CHUNK = 1_000_000
_LIKELY = 0.5
_SCHEMA = pa.schema(
    [
        ("left_id", pa.string()),
        ("right_id", pa.string()),
        ("probability", pa.float64()),
        ("rule", pa.string()),
        ("evidence", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Linkage:
    """What the engine found.

    Attributes:
        links: ``left_id, right_id, probability, rule, evidence``, one row per link, in
            the order of the ids; nobody twice, except in a search for duplicates.
        doubtful: the same columns for the best pairs below the threshold and the pairs
            with one identity number but two persons (rule ``nik_conflict``).
        report: counts and warnings.
    """

    links: pa.Table
    doubtful: pa.Table
    report: LinkReport


def link(
    connection: Session,
    left: pa.Table,
    right: pa.Table | None,
    *,
    threshold: float = DEFAULT_THRESHOLD,
    threads: int = 2,
    candidates: Candidates | None = None,
) -> Linkage:
    """Link two files, or find the duplicates of one.

    Args:
        connection: session for the search of candidate pairs; its temporary tables of
            stage ``04_matching`` are replaced.
        left: text columns ``id`` and any of :data:`cakupan.matching.columns.FIELDS`.
        right: the other file; None finds duplicates within ``left``.
        threshold: links of a lower probability are not made.
        threads: of the comparisons.
        candidates: pairs found beforehand; None searches for them here.

    The same rows give the same result in whatever order they come.
    """
    left_rows = one_row_per_id(left)
    right_rows = None if right is None else one_row_per_id(right)
    people = prepare(left_rows.table, None if right_rows is None else right_rows.table)
    report = field_report(people, left_rows, right_rows, left, right)
    if min(people.sizes) == 0 or (people.names is None and not people.fields):
        return Linkage(_SCHEMA.empty_table(), _SCHEMA.empty_table(), report)
    return _Run(connection, people, threads, candidates).result(threshold, report)


@dataclass(slots=True)
class _Scored:
    pairs: Levels
    chance: Array
    barred: Array


class _Run:
    """One linkage: what is measured once and used by every step."""

    def __init__(
        self,
        connection: Session,
        people: People,
        threads: int,
        candidates: Candidates | None,
    ) -> None:
        self.connection, self.people, self.threads = connection, people, threads
        self.candidates = candidates
        self.picked_from = (
            people.sizes if candidates is None else candidates.picked_from
        )
        self.shares: Shares = measure(people)
        self.bonds = measure_bonds(people) if candidates is None else Bonds()
        self.niks = read_niks(people)
        random = np.random.default_rng(_SEED)
        self.sample = self._compare(*random_pairs(random, people))
        self.weights = model.start_weights(self.sample)

    def _compare(self, left: Array, right: Array) -> Levels:
        return compare(self.people, left, right, self.shares.tokens, self.threads)

    def _weigh(self, pairs: Levels) -> model.Evidence:
        return model.weigh(self.people, self.shares, self.bonds, self.weights, pairs)

    def result(self, threshold: float, report: LinkReport) -> Linkage:
        """Rung by rung: equal numbers first, what is left by probability."""
        people = self.people
        keyed = self._equal_numbers()
        plausible, conflict = ladder.plausible(keyed), ladder.conflict(keyed)
        sure = keyed.take(plausible)
        left = np.setdiff1d(np.arange(people.sizes[0]), sure.left)
        right = np.setdiff1d(np.arange(people.sizes[1]), sure.right)
        if self.candidates is None:
            blocks = choose_pairs(self.connection, people, left, right)
            sizes = (len(left), len(right))
        else:
            blocks = given_pairs(people, self.candidates)
            sizes = self.picked_from
        pairs = self._compare_blocks(blocks)
        scored = self._learn(pairs, sizes, sure if len(sure) else None)
        every = joined(sure, scored.pairs)
        chance = np.r_[self._alone(sure, len(sure)), scored.chance]
        chance = np.where(ladder.conflict(every), 0.0, chance)
        may_link = np.r_[np.ones(len(sure), dtype=bool), ~scored.barred]
        return self._finish(
            every, chance, may_link, threshold, report, blocks, keyed.take(conflict)
        )

    def _barred(self, pairs: Levels) -> Array:
        """Pairs that are no link whatever their probability.

        Of pairs found beforehand whoever found them decides, who knows the rows.
        """
        if self.candidates is not None:
            return np.zeros(len(pairs), dtype=bool)
        return ladder.nameless(pairs) | ladder.two_persons(pairs, *self.niks)

    def _equal_numbers(self) -> Levels:
        """Pairs of equal NIK, where it stands once in each file."""
        field = self.people.fields.get("nik")
        none = np.zeros(0, dtype=np.int64)
        if (
            field is None
            or field.is_rounded
            or self.people.is_dedupe
            or not len(field.vocabulary)
        ):
            return self._compare(none, none)
        size = len(field.vocabulary)
        once = np.bincount(field.left[field.left >= 0], minlength=size) == 1
        once &= np.bincount(field.right[field.right >= 0], minlength=size) == 1
        place = np.full(size, -1, dtype=np.int64)
        right = np.flatnonzero(field.right >= 0)
        place[field.right[right]] = right
        left = np.flatnonzero(np.where(field.left >= 0, once[field.left], False))
        return self._compare(left, place[field.left[left]])

    def _compare_blocks(self, blocks: Blocks) -> Levels:
        """Compare in slices; pairs without any hope are let go at once."""
        prior = log_prior(self.people, self.picked_from, 0.5)
        numbers = np.zeros(())
        kept = []
        for at in range(0, max(1, len(blocks.left)), _CHUNK):
            some = slice(at, at + _CHUNK)
            pairs = self._compare(blocks.left[some], blocks.right[some])
            weighed = self._weigh(pairs)
            if "nik" in pairs.fields:
                odds = prior + weighed.same - weighed.number
                stranger = 1.0 / (1.0 + np.exp(np.clip(odds, -60, 60)))
                stranger *= ladder.unlike(pairs)[0] & blocks.without_nik[some]
                numbers = numbers + model.nik_counts(pairs, stranger)
            kept.append(pairs.take(np.flatnonzero(weighed.same + prior > _HOPELESS)))
        if numbers.ndim:
            self.weights = model.with_nik_counts(self.weights, numbers)
        pairs = kept[0]
        for other in kept[1:]:
            pairs = joined(pairs, other)
        return pairs

    def _learn(
        self, pairs: Levels, sizes: tuple[int, int], labels: Levels | None
    ) -> _Scored:
        expected = (0.1 if self.people.is_dedupe else 0.5) * min(
            *sizes, *self.people.sizes
        )
        barred = self._barred(pairs)
        if not len(pairs):
            return _Scored(pairs, np.zeros(0), barred)
        chance = self._chances(pairs, sizes, expected, barred)
        for turn in range(_ROUNDS):
            before, expected = expected, float(chance.sum())
            self.weights = model.learn(self.weights, pairs, chance, labels)
            if turn in {1, 4}:
                pairs = self._measure_again(pairs, chance, labels)
            self._learn_strangers(pairs, sizes, expected)
            chance = self._chances(pairs, sizes, expected, barred)
            if turn > 4 and abs(expected - before) < 1e-4 * max(before, 1.0):
                break
        # what they would be if nothing barred them: somebody may want to look
        shown = self._chances(pairs, sizes, expected, ladder.nameless(pairs) & barred)
        return _Scored(pairs, np.where(barred, shown, chance), barred)

    def _measure_again(
        self, pairs: Levels, chance: Array, labels: Levels | None
    ) -> Levels:
        """How common values are, now that it is better known who is who."""
        likely = chance > _LIKELY
        left, right = pairs.left[likely], pairs.right[likely]
        if labels is not None:
            left, right = np.r_[left, labels.left], np.r_[right, labels.right]
        self.shares = measure(self.people, persons(self.people, left, right))
        return self._compare(pairs.left, pairs.right)

    def _learn_strangers(
        self, pairs: Levels, sizes: tuple[int, int], expected: float
    ) -> None:
        share = expected / max(1, min(sizes))
        prior = log_prior(self.people, sizes, share)
        same = np.clip(self._log_odds(self.sample, prior), -60, 60)
        self.weights = model.strangers(
            self.weights, self.sample, 1.0 / (1.0 + np.exp(same))
        )
        evidence = self._weigh(pairs)
        family = evidence.family + model.log_family_share(self.people, self.weights)
        chance = np.exp(
            family - np.logaddexp(np.logaddexp(0, family), prior + evidence.same)
        )
        self.weights = model.learn_family(self.weights, chance, min(sizes))

    def _log_odds(self, pairs: Levels, log_prior: float) -> Array:
        evidence = self._weigh(pairs)
        family = evidence.family + model.log_family_share(self.people, self.weights)
        return np.asarray(log_prior + evidence.same - np.logaddexp(0.0, family))

    def _chances(
        self, pairs: Levels, sizes: tuple[int, int], expected: float, barred: Array
    ) -> Array:
        prior = log_prior(self.people, sizes, expected / max(1, min(sizes)))
        odds = np.exp(np.clip(self._log_odds(pairs, prior), -60, 60))
        odds = np.where(barred, 0.0, odds)
        if self.people.is_dedupe:
            return np.asarray(odds / (1.0 + odds))
        return match_chances(pairs.left, pairs.right, odds)

    def _alone(self, pairs: Levels, found: int) -> Array:
        """Probability of pairs that have no rival: both hold the number once."""
        share = found / max(1, min(self.people.sizes))
        prior = log_prior(self.people, self.people.sizes, share)
        odds = np.exp(np.clip(self._log_odds(pairs, prior), -60, 60))
        return np.asarray(odds / (1.0 + odds))

    def _finish(
        self,
        pairs: Levels,
        chance: Array,
        may_link: Array,
        threshold: float,
        report: LinkReport,
        blocks: Blocks,
        conflicts: Levels,
    ) -> Linkage:
        people = self.people
        allowed = np.where(may_link, chance, 0.0)
        if people.is_dedupe:
            chosen = np.flatnonzero(allowed >= threshold)
        else:
            chosen = one_to_one(pairs.left, pairs.right, allowed, threshold)
        links = self._table(pairs, chosen, chance, ladder.rules(pairs))
        rest = np.setdiff1d(np.flatnonzero(chance >= 0.05), chosen)
        doubtful = self._table(pairs, rest, chance, ladder.rules(pairs))
        named = np.full(len(conflicts), "nik_conflict", dtype=object)
        clash = self._table(
            conflicts, np.arange(len(conflicts)), np.zeros(len(conflicts)), named
        )
        probabilities = links.column("probability").to_numpy()
        rules = links.column("rule").to_pylist()
        return Linkage(
            links,
            pa.concat_tables([doubtful, clash]),
            replace(
                report,
                warnings=(*report.warnings, *self._doubts()),
                compared=len(blocks.left),
                block_cap=blocks.cap,
                blocks_left_out=blocks.left_out,
                links={rule: rules.count(rule) for rule in sorted(set(rules))},
                conflicts=len(conflicts),
                doubtful=doubtful.num_rows,
                expected_precision=float(probabilities.mean()) if rules else None,
                threshold=threshold,
            ),
        )

    def _doubts(self) -> list[str]:
        learned = {"token": self.weights.name_m, "extra": self.weights.extra_m}
        if "birth_date" in self.weights.m:
            learned["birth_date"] = self.weights.m["birth_date"][1:]
        if not is_held(learned):
            return []
        return [
            "hardly anybody seems to be there twice: how the rows of one person differ "
            "could not be learned and is held to what is usual; look through the links"
        ]

    def _table(
        self, pairs: Levels, chosen: Array, chance: Array, rules: Array
    ) -> pa.Table:
        people = self.people
        return pa.table(
            {
                "left_id": pa.array(people.left_ids[pairs.left[chosen]], pa.string()),
                "right_id": pa.array(
                    people.right_ids[pairs.right[chosen]], pa.string()
                ),
                "probability": np.round(chance[chosen], 6),
                "rule": pa.array(rules[chosen], pa.string()),
                "evidence": pa.array(
                    [model.describe(pairs, place) for place in chosen.tolist()],
                    pa.string(),
                ),
            },
            schema=_SCHEMA,
        ).sort_by([("left_id", "ascending"), ("right_id", "ascending")])
