"""Usage logs of a provider that never was: benign customers, innocent groups, and planted campaigns, with the truth.

Everything follows from a seed. Calls are drawn as arrays and written line after line, so that the size is bounded by
the disk alone. Run as a program: `python -m tests.synthetic_logs FILE --rows 200000 --campaign accounts=20,calls=200`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]

START = 1_767_225_600
"""Midnight of 2026-01-01 UTC, a Thursday."""

DAY = 86_400
_ZONES = (-8, -5, 0, 1, 5, 9)
_PLANS = ("free", "plus", "team", "enterprise")
_MODELS = ("p-3", "p-3-mini")
_NEW = "p-4"
_PUBLIC_TEMPLATES = 400
_OFFICE = np.array([1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 19, 18, 15, 17, 19, 18, 16, 12, 8, 7, 6, 5, 3, 2], dtype=float)
_ONSETS = (*"bcdfghjklmnprstvwyz", "br", "ch", "dr", "fl", "gl", "kr", "pl", "qu", "sh", "sk", "st", "th", "tr")
_VOWELS = ["a", "e", "i", "o", "u", "ai", "ea", "ou"]
_CODAS = ["", "d", "k", "l", "m", "n", "nd", "r", "rt", "s", "st", "t"]


@dataclass(frozen=True)
class Campaign:
    """A planted campaign: what its operators do, and how well they hide it."""

    accounts: int = 20
    calls: int = 200
    templates: int = 4
    bursts: float = 0.5
    noise: float = 0.2
    paraphrase: float = 0.0
    disjoint: bool = True
    pool: int = 20_000
    payment: float = 0.0
    replacements: int = 0
    pivot: float = 0.0


@dataclass(frozen=True)
class Settings:
    """What the log is made of; `characters` is the length of an answer, `days` that of the log."""

    rows: int = 200_000
    seed: int = 1
    days: int = 42
    accounts: int = 0
    characters: int = 300
    innocent: bool = True
    outage: bool = True
    campaigns: tuple[Campaign, ...] = ()


@dataclass
class Group:
    """The calls of one group: second, account, template, item and flags of each."""

    name: str
    kind: str
    accounts: Ints
    templates: Ints
    time: Ints
    who: Ints
    template: Ints
    item: Ints
    failed: npt.NDArray[np.bool_]
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass
class Accounts:
    """What is known of each account."""

    zone: Ints
    plan: Ints
    created: Ints
    payment: Ints
    device: Ints
    network: Ints


class Synthetic:
    """A log: `lines` gives it, `truth` says what was planted."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._rng = np.random.default_rng(settings.seed)
        self._words = _vocabulary(np.random.default_rng(7))
        self._sentences = self._made_sentences(4_000, 8, 16)
        self._paragraphs = self._made_sentences(2_000, 40, 60)
        self._texts: list[tuple[str, bool]] = []
        self._next_account = 0
        self._known: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []
        self.release = START + (settings.days * 2 // 3) * DAY + 15 * 3600
        self.events.append(_event(self.release, "release", _NEW))
        self.groups = self._groups()
        self.accounts = self._facts()
        self._ordered()

    def _made_sentences(self, count: int, low: int, high: int) -> list[str]:
        rng = np.random.default_rng(count)
        law = 1 / np.arange(1, len(self._words) + 1) ** 0.8
        drawn = rng.choice(len(self._words), size=(count, high), p=law / law.sum())
        lengths = rng.integers(low, high + 1, size=count)
        return [
            " ".join(self._words[w] for w in row[:n]) for row, n in zip(drawn.tolist(), lengths.tolist(), strict=True)
        ]

    def _template(self, count: int, words: int = 44, tail: float = 0.25) -> Ints:
        """New templates; some have their item before the instructions."""
        first = len(self._texts)
        for _ in range(count):
            chosen = self._rng.choice(len(self._words), size=words)
            self._texts.append((" ".join(self._words[w] for w in chosen), bool(self._rng.random() < tail)))
        return np.arange(first, first + count)

    def _variants(self, template: int, count: int, share: float) -> Ints:
        """Paraphrases of a template: a share of its words is replaced in each."""
        text, tail = self._texts[template]
        found = [template]
        for _ in range(count - 1):
            words = text.split()
            for at in np.flatnonzero(self._rng.random(len(words)) < share):
                words[at] = self._words[int(self._rng.integers(len(self._words)))]
            self._texts.append((" ".join(words), tail))
            found.append(len(self._texts) - 1)
        return np.array(found)

    def _new_accounts(self, count: int) -> Ints:
        first = self._next_account
        self._next_account += count
        return np.arange(first, first + count)

    def _groups(self) -> list[Group]:
        settings = self.settings
        planted = [self._campaign(at, one) for at, one in enumerate(settings.campaigns)]
        innocent = self._innocent() if settings.innocent else []
        rest = settings.rows - sum(len(g.time) for g in planted + innocent)
        return [*self._benign(max(1, rest)), *innocent, *planted]

    def _benign(self, rows: int) -> list[Group]:
        rng = self._rng
        count = self.settings.accounts or int(np.clip(self.settings.rows // 40, 300, 24_000))
        accounts = self._new_accounts(count)
        public = self._template(_PUBLIC_TEMPLATES)
        volume = rng.pareto(1.3, count) + 0.1
        who = rng.choice(count, size=rows, p=volume / volume.sum())
        own = np.full(count, -1)
        with_own = np.flatnonzero(rng.random(count) < 0.35)
        own[with_own] = self._template(len(with_own))
        law = 1 / np.arange(1, len(public) + 1)
        template = np.where(rng.random(rows) < 0.5, own[who], -1)
        use = (template < 0) & (rng.random(rows) < 0.25)
        template[use] = rng.choice(public, size=int(use.sum()), p=law / law.sum())
        # No account knows all public templates: two of them each.
        favourite = rng.choice(public, size=(count, 2), p=law / law.sum())
        template[use] = favourite[who[use], rng.integers(0, 2, size=int(use.sum()))]
        zone = rng.choice(_ZONES, size=count)
        self._zones = {int(a): int(z) for a, z in zip(accounts, zone, strict=True)}
        time = self._office_times(zone[who])
        group = self._group("benign", "benign", accounts, public, time, accounts[who], template)
        return [group, *(self._retries(group) if self.settings.outage else [])]

    def _office_times(self, zone: Ints) -> Ints:
        """Seconds in local office hours, fewer at the weekend."""
        rng, count = self._rng, len(zone)
        days = np.arange(self.settings.days)
        weight = np.where((days + 4) % 7 >= 5, 0.35, 1.0)
        day = rng.choice(days, size=count, p=weight / weight.sum())
        hour = rng.choice(24, size=count, p=_OFFICE / _OFFICE.sum())
        second = rng.integers(0, 3600, size=count)
        time = START + day * DAY + ((hour - zone) % 24) * 3600 + second
        return np.asarray(time, dtype=np.int64)

    def _retries(self, benign: Group) -> list[Group]:
        """An hour in which calls fail and are sent again, the same prompt several times."""
        rng = self._rng
        at = START + (self.settings.days // 3) * DAY + 14 * 3600
        self.events.append(_event(at, "outage", "one hour"))
        inside = np.flatnonzero((benign.time >= at) & (benign.time < at + 3600))
        benign.failed[inside] = True
        again = np.repeat(inside, rng.integers(1, 5, size=len(inside)))
        time = benign.time[again] + rng.integers(1, 240, size=len(again))
        group = self._group(
            "retries",
            "outage",
            np.unique(benign.who[inside]),
            benign.templates,
            time,
            benign.who[again],
            benign.template[again],
        )
        group.item = benign.item[again]
        group.failed[:] = time < at + 3600
        return [group]

    def _innocent(self) -> list[Group]:
        scale = min(1.0, self.settings.rows / 200_000)
        rng, days = self._rng, self.settings.days
        groups = []
        accounts, templates = self._new_accounts(40), self._template(8)
        items = 1 + int(14 * scale)
        slots = np.tile(np.arange(items), 40)
        who = np.repeat(accounts, items)
        night = rng.integers(0, days, size=3)
        time = START + rng.choice(night, size=len(who)) * DAY + 2 * 3600 + rng.integers(0, 5400, size=len(who))
        harness = self._group("harness", "harness", accounts, templates, time, who, templates[slots % 8])
        harness.item = np.asarray(slots)
        groups.append(harness)
        accounts, templates = self._new_accounts(30), self._template(5)
        who = np.repeat(accounts, 4 + int(56 * scale))
        time = self._office_times(np.full(len(who), 5))
        groups.append(
            self._group(
                "vendor", "vendor", accounts, templates, time, who, rng.choice(templates, size=len(who)), zone=5
            )
        )
        (account,), templates = self._new_accounts(1), self._template(30 + int(470 * scale))
        size = 200 + int(5_800 * scale)
        time = self._office_times(rng.choice(_ZONES, size=size))
        groups.append(
            self._group(
                "reseller",
                "reseller",
                np.array([account]),
                templates,
                time,
                np.full(size, account),
                rng.choice(templates, size=size),
            )
        )
        accounts, templates = self._new_accounts(6), self._template(2)
        who = np.repeat(accounts, 20 + int(480 * scale))
        time = START + rng.integers(0, days * DAY, size=len(who))
        groups.append(
            self._group("licensed", "licensed", accounts, templates, time, who, rng.choice(templates, size=len(who)))
        )
        accounts, templates = self._new_accounts(60), self._template(3)
        who = np.repeat(accounts, 5 + int(15 * scale))
        time = (
            START
            + (days // 2) * DAY
            + rng.integers(0, 5, size=len(who)) * DAY
            + rng.integers(8 * 3600, 18 * 3600, size=len(who))
        )
        groups.append(
            self._group(
                "course", "course", accounts, templates, time, who, rng.choice(templates, size=len(who)), network=-2
            )
        )
        for group in groups:
            if group.kind in ("licensed", "vendor"):
                self._known.append({"accounts": group.accounts.tolist(), "kind": group.kind, "basis": "contract"})
        return groups

    def _campaign(self, number: int, plan: Campaign) -> Group:
        rng, days = self._rng, self.settings.days
        accounts = self._new_accounts(plan.accounts)
        templates = self._template(plan.templates)
        size = plan.accounts * plan.calls
        who = np.repeat(accounts, plan.calls)
        time = START + rng.integers(0, days, size=size) * DAY + rng.integers(0, DAY, size=size)
        burst = rng.random(size) < plan.bursts
        jobs = START + rng.integers(0, days * DAY - 2700, size=max(1, int(burst.sum()) // max(30, 3 * plan.accounts)))
        time[burst] = rng.choice(jobs, size=int(burst.sum())) + rng.integers(0, 2700, size=int(burst.sum()))
        template = rng.choice(templates, size=size)
        variants = [templates]
        if plan.paraphrase:
            for one in templates:
                own = self._variants(int(one), 6, plan.paraphrase)
                variants.append(own)
                at = template == one
                template[at] = rng.choice(own, size=int(at.sum()))
        item = np.arange(size) % plan.pool if plan.disjoint else rng.integers(0, plan.pool, size=size)
        item = rng.permutation(item)
        facts: dict[str, Any] = {"plan": {f.name: getattr(plan, f.name) for f in fields(plan)}}
        if plan.replacements:
            who, time = self._replaced(accounts, plan.replacements, who, time, facts)
            accounts = np.unique(who)
        group = self._group(
            f"campaign-{number + 1}",
            "campaign",
            accounts,
            np.unique(np.concatenate(variants)),
            time,
            who,
            template,
            payment=plan.payment,
        )
        group.item = np.asarray(item)
        noise = rng.random(size) < plan.noise
        group.template[noise] = -1
        group.facts = {**group.facts, **facts, "pivot": plan.pivot}
        return group

    def _replaced(self, accounts: Ints, count: int, who: Ints, time: Ints, facts: dict[str, Any]) -> tuple[Ints, Ints]:
        """Some accounts are banned, and within a day new ones go on with their work."""
        rng = self._rng
        banned = rng.choice(accounts, size=min(count, len(accounts) - 1), replace=False)
        new = self._new_accounts(len(banned))
        for old, fresh in zip(banned, new, strict=True):
            at = (
                START
                + int(rng.integers(self.settings.days // 4, self.settings.days * 3 // 4)) * DAY
                + int(rng.integers(0, DAY))
            )
            self.events.append(_event(at, "ban", str(int(old))))
            late = (who == old) & (time >= at)
            who[late] = fresh
            after = int(rng.integers(3600, 20 * 3600))
            time[late] = np.maximum(time[late], at + after)
            if late.any():
                time[np.flatnonzero(late)[0]] = at + after
        facts["banned"] = banned.tolist()
        return who, time

    def _group(
        self, name: str, kind: str, accounts: Ints, templates: Ints, time: Ints, who: Ints, template: Ints, **facts: Any
    ) -> Group:
        count = len(time)
        item = self._rng.integers(0, 1 << 40, size=count)
        nothing = np.zeros(count, dtype=np.bool_)
        a, b, c, d, e, f = (np.array(x, dtype=np.int64) for x in (accounts, templates, time, who, template, item))
        return Group(name, kind, a, b, c, d, e, f, nothing.copy(), facts)

    def _facts(self) -> Accounts:
        rng, count = np.random.default_rng(self.settings.seed + 1), self._next_account
        facts = Accounts(
            zone=rng.choice(_ZONES, size=count),
            plan=rng.choice(4, size=count, p=[0.55, 0.25, 0.15, 0.05]),
            created=START - rng.integers(0, 400, size=count) * DAY,
            payment=np.where(
                rng.random(count) < 0.04, rng.integers(0, max(1, count // 50), size=count), 10**6 + np.arange(count)
            ),
            device=10**6 + np.arange(count),
            network=np.where(rng.random(count) < 0.3, rng.integers(0, 40, size=count), 10**6 + np.arange(count)),
        )
        for account, zone in getattr(self, "_zones", {}).items():
            facts.zone[account] = zone
        for number, group in enumerate(self.groups):
            if group.kind == "course":
                facts.network[group.accounts] = 5_000_000 + number
            if "zone" in group.facts:
                facts.zone[group.accounts] = group.facts["zone"]
            if group.facts.get("payment"):
                shared = group.accounts[rng.random(len(group.accounts)) < group.facts["payment"]]
                facts.payment[shared] = 9_000_000 + number * 100 + np.arange(len(shared)) // 4
            if group.kind == "campaign":
                facts.created[group.accounts] = START - rng.integers(0, 60, size=len(group.accounts)) * DAY
        return facts

    def _ordered(self) -> None:
        """All calls in order of time, with the group and the template of each."""
        self.group = np.concatenate([np.full(len(g.time), at) for at, g in enumerate(self.groups)])
        time, who, template, item = (
            np.concatenate([getattr(g, name) for g in self.groups]) for name in ("time", "who", "template", "item")
        )
        failed = np.concatenate([g.failed for g in self.groups])
        order = np.argsort(time, kind="stable")
        self.group, self.time, self.who = self.group[order], time[order], who[order]
        self.template, self.item, self.failed = template[order], item[order], failed[order]
        rng = np.random.default_rng(self.settings.seed + 2)
        late = self.time >= self.release
        share = np.where(late, np.minimum(0.4, (self.time - self.release) / (20 * DAY)), 0.0)
        for at, group in enumerate(self.groups):
            if group.facts.get("pivot"):
                share[late & (self.group == at)] = group.facts["pivot"]
        self.model = np.where(rng.random(len(self.time)) < share, 2, rng.random(len(self.time)) < 0.3)

    @property
    def truth(self) -> dict[str, Any]:
        """What was planted: groups with accounts and masked templates, events, and accounts with a contract."""
        return {
            "groups": [
                {
                    "name": g.name,
                    "kind": g.kind,
                    "accounts": [name_of(a) for a in g.accounts.tolist()],
                    "calls": len(g.time),
                    "facts": g.facts,
                }
                for g in self.groups
                if g.kind != "benign"
            ],
            "events": self.events,
            "known": [
                {"account": name_of(a), "kind": k["kind"], "basis": k["basis"]}
                for k in self._known
                for a in k["accounts"]
            ],
        }

    def prompt(self, template: int, item: int) -> str:
        """The prompt of a call: a template with an item, or some sentences."""
        pool = self._sentences
        filling = f"{pool[item % len(pool)]} {pool[item // 4001 % len(pool)]}. Number {item % 9973}."
        if template < 0:
            return f"{pool[item // 17 % len(pool)]}, {filling} {pool[item // 31 % len(pool)]}."
        text, tail = self._texts[template]
        return f"{filling}\n\n{text}" if tail else f"{text}\n\n{filling}"

    def answer(self, item: int, row: int) -> str:
        """An answer of about the wanted length, unlike for each call."""
        pool, length = self._paragraphs, self.settings.characters
        parts = [f"Answer {row}."]
        held = 0
        while held < length:
            part = pool[(item // 7 + 31 * len(parts) * (row + 1)) % len(pool)]
            parts.append(part)
            held += len(part)
        return "\n\n".join(parts)[: length + 20]

    def record(self, row: int) -> dict[str, Any]:
        """One call as the log holds it."""
        who, item = int(self.who[row]), int(self.item[row])
        facts = self.accounts
        network = int(facts.network[who])
        return {
            "time": int(self.time[row]) * 1000 + row % 1000,
            "account": name_of(who),
            "model": (*_MODELS, _NEW)[int(self.model[row])],
            "prompt": self.prompt(int(self.template[row]), item),
            "response": None if self.failed[row] else self.answer(item, row),
            "status": 529 if self.failed[row] else 200,
            "ip": f"{11 + (network >> 16 & 127)}.{network >> 8 & 255}.{network & 255}.{who % 250 + 1}",
            "payment": f"card-{facts.payment[who]}",
            "device": f"device-{facts.device[who]}",
            "plan": _PLANS[int(facts.plan[who])],
            "region": f"utc{int(facts.zone[who]):+d}",
            "created": int(facts.created[who]),
            "pt": 40 + item % 60,
            "ct": self.settings.characters // 4,
        }

    def lines(self) -> Iterator[bytes]:
        """The log as JSON lines."""
        for row in range(len(self.time)):
            yield json.dumps(self.record(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    def write(self, stream: BinaryIO) -> int:
        """Write all lines; gives the number of bytes."""
        size = 0
        for line in self.lines():
            size += stream.write(line)
        return size


MAPPING = (
    "ts=time",
    "account=account",
    "model=model",
    "prompt=prompt",
    "response=response",
    "status=status",
    "address=ip",
    "payment=payment",
    "device=device",
    "plan=plan",
    "region=region",
    "account_created=created",
    "pt=pt",
    "ct=ct",
)
"""How the records map to columns."""


def name_of(account: int) -> str:
    """The name of an account."""
    return f"acct-{account:06d}"


def _event(at: int, kind: str, what: str) -> dict[str, Any]:
    return {"ts": at, "kind": kind, "what": name_of(int(what)) if kind == "ban" else what, "source": "generator"}


def _vocabulary(rng: np.random.Generator) -> list[str]:
    """6,000 words of one to three syllables."""
    words: dict[str, None] = {}
    while len(words) < 6_000:
        syllables = int(rng.integers(1, 4))
        word = "".join(
            _ONSETS[int(rng.integers(len(_ONSETS)))]
            + _VOWELS[int(rng.integers(len(_VOWELS)))]
            + _CODAS[int(rng.integers(len(_CODAS)))]
            for _ in range(syllables)
        )
        words[word] = None
    return list(words)


def _campaign_of(text: str) -> Campaign:
    """A campaign from `name=value` pairs."""
    given = dict(pair.split("=", 1) for pair in text.split(",") if pair)
    plain = {f.name: f.default for f in fields(Campaign)}
    return replace(Campaign(), **{name: type(plain[name])(float(value)) for name, value in given.items()})


def main(arguments: Sequence[str] | None = None) -> None:
    """Write a log and its truth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--characters", type=int, default=300)
    parser.add_argument("--campaign", action="append", default=[], metavar="NAME=VALUE,...")
    given = parser.parse_args(arguments)
    made = Synthetic(
        Settings(
            given.rows,
            given.seed,
            characters=given.characters,
            campaigns=tuple(_campaign_of(c) for c in given.campaign),
        )
    )
    with given.file.open("wb") as stream:
        made.write(stream)
    given.file.with_suffix(".truth.json").write_text(json.dumps(made.truth, indent=1))


if __name__ == "__main__":
    main()
