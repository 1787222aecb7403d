"""A plan as it is written: filled from the case, then checked field by field before it is locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.app import catalogue as known
from workbench.app.calibrations import sealed
from workbench.app.requests import DEFAULT_SEED, RunRequest
from workbench.core.errors import UsageError
from workbench.core.hashing import canonical, sha256
from workbench.core.model import Corpus, Facts, Json, Role
from workbench.core.panel import earliest_month, latest_month, resolve_name
from workbench.core.params import resolve
from workbench.core.plan import FORMAT
from workbench.core.printed import month
from workbench.core.propositions import UNSTATED, h1, h2
from workbench.core.selection import Question
from workbench.core.statistics.fitted_calibration import RESOURCE
from workbench.core.text import well_formed

_FIELDS = (
    "format", "propositions", "population", "suspects", "protected", "controls", "despite_date", "fewer_prompts",
    "analyses", "seed",
    "notes", "corpora",
)  # fmt: skip
_POPULATION = ("era", "size_class", "base")
_BEARING = ("developer", "released", "base", "family", "group", "sources", "teacherless", "control_only")
"""The facts that bear on a result: who is compared with whom, and what is warned of."""

_LONGEST = 10_000


def filled(corpora: Sequence[Corpus], analyses: Sequence[str]) -> Json:
    """A draft from the roles in a case, with some analyses at their defaults."""
    suspects = [c.name for c in corpora if c.role is Role.SUSPECT]
    protected = list(
        dict.fromkeys(
            f"family:{c.facts.family}" if c.facts.family else f"corpus:{c.name}"
            for c in corpora
            if c.role is Role.PROTECTED
        )
    )
    # A base that is the protected model itself is what H1 says: H2 is about models that have another.
    theirs = {name for c in corpora if c.role is Role.PROTECTED for name in (c.name, c.facts.family)}
    bases = sorted({c.facts.base for c in corpora if c.role is Role.SUSPECT and c.facts.base} - theirs)
    population = {"era": _era(corpora), "size_class": UNSTATED, "base": ", ".join(bases) or UNSTATED}
    return {
        "format": FORMAT,
        "propositions": propositions(suspects, protected, population),
        "population": population,
        "suspects": suspects,
        "protected": protected,
        "controls": {"named": None, "excluded": {}},
        "despite_date": None,
        "fewer_prompts": None,
        "analyses": [planned_analysis(key, {}) for key in analyses],
        "seed": str(DEFAULT_SEED),
        "notes": "",
        "corpora": corpora_json(corpora),
    }


def propositions(suspects: Sequence[str], protected: Sequence[str], population: Mapping[str, str]) -> dict[str, str]:
    """H1 and H2 in words, with the names of the case in them."""
    return {"H1": h1(suspects, [name.partition(":")[2] for name in protected]), "H2": h2(suspects, population)}


def _era(corpora: Sequence[Corpus]) -> str:
    dates = [c.facts.released for c in corpora if c.role is Role.CONTROL and c.facts.released]
    if not dates:
        return UNSTATED
    first, last = min(map(earliest_month, dates)), max(map(latest_month, dates))
    return f"released {month(first)} to {month(last)}"


def corpora_json(corpora: Sequence[Corpus]) -> list[Json]:
    """Every corpus with its role, its digest, and the digest of the facts that bear on a result."""
    return [
        {"corpus": c.name, "role": str(c.role), "answers": c.answers, "sha256": c.sha256, "facts": bearing(c.facts)}
        for c in corpora
    ]


def bearing(facts: Facts) -> str:
    """SHA-256 of those facts of a corpus that bear on a result; facts that are not stated are left out."""
    stated = {name: getattr(facts, name) for name in _BEARING if getattr(facts, name)}
    if facts.sources:
        stated["sources"] = [[s.corpus, s.relation, s.minor] for s in facts.sources]
    if facts.group:
        stated["group"] = list(facts.group)
    return sha256(canonical(stated))


def planned_analysis(key: str, parameters: Mapping[str, Any]) -> Json:
    """An analysis as a plan holds it: its version, and every setting, the unsaid ones at their defaults."""
    analysis = known.analysis(key)
    values = resolve(analysis, parameters)
    if RESOURCE in values:
        values[RESOURCE] = sealed(str(values[RESOURCE]))
    return {"analysis": key, "version": analysis.version, "parameters": values}


def checked(given: Any, corpora: Sequence[Corpus]) -> Json:
    """A draft with every field in its form and every name in the case; raises UsageError in words."""
    plan = _object(given, "The plan", _FIELDS)
    if plan.get("format", FORMAT) != FORMAT:
        raise UsageError(f"format: {plan['format']!r} is not {FORMAT!r}.", hint="`workbench plan CASE --draft FILE`.")
    said = _object(plan.get("propositions"), "propositions", ("H1", "H2"))
    population = _object(plan.get("population", {}), "population", _POPULATION)
    controls = _object(plan.get("controls", {}), "controls", ("named", "excluded"))
    excluded = _object(controls.get("excluded", {}), "controls.excluded", None)
    names = [c.name for c in corpora]
    named = controls.get("named")
    despite, fewer = plan.get("despite_date"), plan.get("fewer_prompts")
    done: dict[str, Json] = {
        "format": FORMAT,
        "propositions": {key: _text(said.get(key), f"propositions.{key}", needed=True) for key in ("H1", "H2")},
        "population": {key: _text(population.get(key, "not stated"), f"population.{key}") for key in _POPULATION},
        "suspects": _corpora(_names(plan.get("suspects"), "suspects", needed=True), "suspects", names),
        "protected": _protected(plan.get("protected"), corpora),
        "controls": {
            "named": None if named is None else _corpora(_names(named, "controls.named"), "controls.named", names),
            "excluded": {
                _corpus(n, names): _text(why, f"controls.excluded.{n}", needed=True) for n, why in excluded.items()
            },
        },
        "despite_date": None if despite is None else _text(despite, "despite_date", needed=True),
        "fewer_prompts": None if fewer is None else _text(fewer, "fewer_prompts", needed=True),
        "analyses": _analyses(plan.get("analyses")),
        "seed": _seed(plan.get("seed", DEFAULT_SEED)),
        "notes": _text(plan.get("notes", ""), "notes"),
        "corpora": corpora_json(corpora),
    }
    _same_corpora(plan.get("corpora"), done["corpora"])
    return done


def _object(value: Any, what: str, fields: Sequence[str] | None) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise UsageError(f"{what} is not an object with names and values.", hint="`plan CASE --draft FILE` shows one.")
    unknown = sorted(set(value) - set(fields)) if fields is not None else []
    if unknown:
        raise UsageError(f"{what}: there is no field {unknown[0]!r}.", hint=f"Its fields: {', '.join(fields or ())}.")
    return value


def _text(value: Any, what: str, *, needed: bool = False) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise UsageError(f"{what} is not a text of at most {_LONGEST:,} characters.")
    if needed and not value.strip():
        raise UsageError(f"{what} is empty.", hint="The plan says it in words.")
    return well_formed(value.strip())[0]


def _names(value: Any, what: str, *, needed: bool = False) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise UsageError(f"{what} is not a list of names.")
    if needed and not value:
        raise UsageError(f"The plan names no {what}.", hint=f"Write them into “{what}”, or set the roles first.")
    if len(set(value)) < len(value):
        raise UsageError(f"{what} names somebody twice.")
    return value


def _corpus(name: str, names: Sequence[str]) -> str:
    plain = name if name in names else name.removeprefix("corpus:")
    if plain not in names:
        raise UsageError(f"There is no corpus “{name}” in this case.", hint="`workbench corpora CASE` lists them.")
    return plain


def _corpora(given: Sequence[str], what: str, names: Sequence[str]) -> list[str]:
    return _names([_corpus(name, names) for name in given], what)


def _protected(value: Any, corpora: Sequence[Corpus]) -> list[str]:
    families = list(dict.fromkeys(c.facts.family for c in corpora if c.facts.family))
    names = [c.name for c in corpora]
    resolved = [":".join(resolve_name(name, names, families)) for name in _names(value, "protected", needed=True)]
    return _names(resolved, "protected")


def _analyses(value: Any) -> list[Json]:
    if not isinstance(value, list) or not value:
        raise UsageError("The plan names no analyses.", hint="`workbench plan CASE --draft FILE` fills them in.")
    done: list[Json] = []
    for item in value:
        said = _object(item, "An analysis of the plan", ("analysis", "version", "parameters"))
        given = _object(said.get("parameters", {}), "parameters", None)
        planned = planned_analysis(_text(said.get("analysis"), "analyses.analysis", needed=True), given)
        if said.get("version", planned["version"]) != planned["version"]:
            raise UsageError(
                f"{planned['analysis']}: this program has version {planned['version']}, the plan says "
                f"{said['version']}.",
                hint="Write a new draft with this program.",
            )
        if planned in done:
            raise UsageError(f"The plan names {planned['analysis']} twice with the same settings.")
        done.append(planned)
    return done


def _seed(value: Any) -> str:
    text = str(value)
    if isinstance(value, bool) or not text.isascii() or not text.isdigit() or len(text) > 100:
        raise UsageError(f"seed: {value!r} is not a whole number from 0 on.")
    return str(int(text))


def _same_corpora(given: Any, now: Sequence[Json]) -> None:
    """A draft that lists the corpora must list them as they are: what was read is what is locked."""
    if given is None or given == now:
        return
    listed = given if isinstance(given, list) else []
    for item in now:
        if item not in listed:
            raise UsageError(
                f"The case has changed since the plan was written: {item['corpus']} is another one, or new.",
                hint="Write a new draft; or take “corpora” out of the file, and it is filled in.",
            )
    raise UsageError("The plan lists corpora that are not in the case.", hint="Write a new draft.")


def request_of(plan: Json, suspect: str, protected: str, planned: Json | None = None) -> RunRequest:
    """What a plan asks of one suspect and one protected side, with the settings of one of its analyses."""
    named = plan["controls"]["named"]
    return RunRequest(
        suspect=f"corpus:{suspect}",
        protected=protected,
        controls=None if named is None else tuple(n for n in named if n != suspect),
        exclude=plan["controls"]["excluded"],
        despite_date=plan["despite_date"],
        fewer_prompts=plan.get("fewer_prompts"),
        parameters=planned["parameters"] if planned else {},
        seed=int(plan["seed"]),
    )


def parts_of(question: Question) -> dict[str, tuple[str, Corpus]]:
    """Every corpus of a question by name, with its role in the run."""
    parts = {c.name: ("candidate", c) for c in question.pool}
    parts |= {c.name: (str(c.role), c) for c in question.others}
    parts |= {c.name: ("control", c) for c in question.controls}
    parts |= {c.name: ("protected", c) for c in question.protected}
    return parts | {question.suspect.name: ("suspect", question.suspect)}
