"""Which field is probably what, by the names that people usually give and by what stands there.

A guess that only one of the two supports, or that another field rivals, is said to be unsure, with why.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from workbench.importers.mapping.field_names import LISTS, NAMES, WEAK, likeness, names_something_else, spelled
from workbench.importers.mapping.fields_seen import LETTER, Field, is_label, is_prose, json_in
from workbench.importers.mapping.guess_labels import exchange, labels, messages, who_speaks

ORDER = ("prompt", "response", "model", "prompt_key", "time", "sample", "where")
_TEXTS = ("prompt", "response")
_MARKS_OF_THOUGHTS = frozenset(("thought", "is_thought", "thinking", "is_thinking", "reasoning", "is_reasoning"))
_ASKED = frozenset(("request", "messages", "prompt", "input", "usage", "metadata", "instance", "doc", "params"))
_ANSWERED = frozenset(("response", "choices", "output", "usage", "metadata", "message", "completion", "result",
                       "response_body", "candidates", "generations", "answer", "reply"))  # fmt: skip
_QUESTIONS = frozenset(NAMES["prompt"]) - WEAK - _ANSWERED
_BODIES = re.compile(
    r"(^|\.)(choices\.0\.(message\.content(\.0\.text)?|text|delta\.content)|candidates\.0\.content\.parts\.0\.text"
    r"|output\.\d\.content\.0\.text|(generations|outputs|results)\.0(\.0)?\.(text|outputText|generated_text)"
    r"|output\.message\.content\.0\.text|message\.content|content\.0\.text|generated_text|completion)$"
)
_ASKING = re.compile(r"(^|\.)(contents\.\d\.parts\.0\.text|messages\.\d\.content(\.0\.text)?|prompt|input)$")
_QUESTION = re.compile(r"[?\uff1f\u061f]\s*$")
_CLOSE = 30.0
_ENOUGH = 30.0
_PLAIN = 45.0
_BORNE_OUT = 15.0
_WRAPPED = 50.0
_OF_ITS_PLACE = frozenset(("raw", "text", "content", "value", "body", "string"))
_CONTEXT = frozenset(("context", "contexts", "passage", "document", "kontext", "contexte", "contexto"))
Ranked = tuple[float, Field]


class Guess(NamedTuple):
    """A field that was guessed, as a path, and why that is not sure; empty where it is."""

    path: str
    doubt: str = ""


def guess_of_names(key: str, names: Sequence[str]) -> str:
    """The name among these that most probably stands for `key`; empty when none does."""
    ranked = sorted((-likeness(key, spelled(name)), at) for at, name in enumerate(names))
    return names[ranked[0][1]] if ranked and ranked[0][0] <= -_ENOUGH else ""


def guess_mapping(fields: Sequence[Field]) -> dict[str, Guess]:
    """A mapping for records with these fields, as far as names and values tell."""
    found = {key: Guess(*said) for key, said in exchange(fields).items()}
    if not found:
        answer = _answer(fields)
        prompt = _asked(fields, answer)
        if answer is None:
            answer = _by_content(fields, prompt)
        if prompt is None and answer is not None:
            prompt = _asked(fields, answer)
        found = {key: guess for key, guess in (("prompt", prompt), ("response", answer)) if guess is not None}
    for key, said in labels(fields, {key: guess.path for key, guess in found.items()}).items():
        found[key] = Guess(*said)
    answer = found.get("response")
    if answer is not None and (spoken := who_speaks(fields, answer.path)) is not None:
        found["where"] = Guess(*spoken)
    return {key: _doubted(found[key], fields) if key in _TEXTS else found[key] for key in ORDER if key in found}


def _doubted(guess: Guess, fields: Sequence[Field]) -> Guess:
    """The guess with a doubt where the name of the field is all that speaks for it, or something speaks against it."""
    field = next((field for field in fields if field.path == guess.path), None)
    if field is None or guess.doubt:
        return guess
    if (thoughts := _thoughts_beside(field, fields)) is not None:
        return guess._replace(doubt=f"“{thoughts.path}” says that some of it are thoughts")
    if not field.texts or (is_prose(field) and (len(field.values) == 1 or field.distinct > 1)):
        return guess
    return guess._replace(doubt="by its name alone")


def _thoughts_beside(field: Field, fields: Sequence[Field]) -> Field | None:
    """A field beside this one, or beside one of its kind, that marks thoughts."""
    above = [part for part in field.parts[:-1] if not part.isdigit()]
    for other in fields:
        beside = [part for part in other.parts[:-1] if not part.isdigit()] == above
        if beside and spelled(other.parts[-1]) in _MARKS_OF_THOUGHTS and any(value is True for value in other.values):
            return other
    return None


def map_line(mapping: Mapping[str, str]) -> str:
    """The mapping as words for the command line, quoted for a shell where needed."""
    words = (
        f"--where {shlex.quote(path)}" if key == "where" else f"--map {shlex.quote(f'{key}={path}')}"
        for key, path in mapping.items()
    )
    return " ".join(words)


# The answer


def _answer(fields: Sequence[Field]) -> Guess | None:
    ranked = _ranked(fields, _answering)
    if not ranked:
        return None
    score, best = ranked[0]
    if best.kind == "a list":
        most = max(len(value) for value in best.values if isinstance(value, list))
        many = f"a record holds up to {most} answers, of which it takes the first" if most > 1 else ""
        return Guess(f"{best.path}.0", many)
    return Guess(best.path, _doubt_of_answer(score, best, ranked[1:], fields))


def _doubt_of_answer(score: float, best: Field, others: Sequence[Ranked], fields: Sequence[Field]) -> str:
    rivals = [f for other, f in others if score - other < _CLOSE and _rivals(best, f)]
    if rivals:
        return f"{_named(rivals)} could be the answer too"
    apart = [f for f in fields if f is not best and _another_answer(best, f)]
    if apart:
        return f"{_named(apart)} is another answer to the same prompt"
    if best.constant and len(best.values) > 2:
        return "it is the same in all records looked at"
    return _doubt_of_text(score, best)


def _doubt_of_text(score: float, best: Field) -> str:
    if _is_json(best):
        return "it is JSON, which is taken as it stands"
    return "" if score >= _PLAIN else "its name says little"


def _ranked(fields: Sequence[Field], score: Callable[[Field], float]) -> list[Ranked]:
    scored = [(score(field), field) for field in fields]
    return sorted((pair for pair in scored if pair[0] >= _ENOUGH), key=lambda pair: -pair[0])


def _answering(field: Field) -> float:
    """How well a field fits as the answer."""
    parts = [spelled(part) for part in field.parts]
    above = set(parts[:-1])
    if _BODIES.search(field.path) and not above & {"messages", "request", "request_body"} and field.share() > 0.5:
        return 130.0 - len(parts) - (40.0 if "delta" in above else 0.0)
    if (
        (field.inside and "outputs" not in above)
        or above & (_ASKED | _QUESTIONS)
        or any(names_something_else(part) for part in parts[:-1])
    ):
        return 0.0
    if field.kind == "a list":
        some = [v for v in field.values if isinstance(v, list) and v and all(isinstance(t, str) for t in v)]
        return 60.0 if parts[-1] in LISTS - {"inputs"} and len(some) == len(field.values) else 0.0
    if field.share() < 0.5 or any(part.isdigit() for part in parts[-1:]):
        return 0.0
    score = _named_alike("response", parts) - 8.0 * (len(parts) - 1) - (_WRAPPED if _is_json(field) else 0.0)
    if parts[-1] in WEAK and not _worth(field):
        return 0.0
    if above & _ANSWERED and parts[-1] in ("text", "content", "value", "body"):
        score += 30.0
    if parts[-1] in WEAK and len(field.values) > 2:
        score += _BORNE_OUT
    return score - (40.0 if field.constant and len(field.values) > 2 else 0.0)


def _named_alike(key: str, parts: Sequence[str]) -> float:
    """How well a name stands for `key`; a name such as `raw` or `text` is that of what it stands in."""
    own = likeness(key, parts[-1])
    return max(own, likeness(key, parts[-2])) if parts[-1] in _OF_ITS_PLACE and len(parts) > 1 else own


def _is_json(field: Field) -> bool:
    """Whether most of the texts are objects or lists as JSON."""
    return 2 * sum(json_in(text) is not None for text in field.texts) > len(field.values) > 0


def _worth(field: Field) -> bool:
    """Whether a field of a weak name holds words; of one or two records no more than letters is expected."""
    return field.share(LETTER) > 0.5 and (len(field.values) < 3 or is_prose(field))


def _rivals(best: Field, other: Field) -> bool:
    """Whether another field is as likely: not one that holds the same texts, and none that surrounds it."""
    if other.parts == best.parts[: len(other.parts)] or best.parts == other.parts[: len(best.parts)]:
        return False
    return other.values != best.values and not (is_label(other) and len(other.values) > 2 and other.length < 12)


def _another_answer(best: Field, other: Field) -> bool:
    last, name = spelled(best.parts[-1]), spelled(other.parts[-1])
    return last == "chosen" and name == "rejected"


def _named(fields: Sequence[Field]) -> str:
    names = [f"“{field.path}”" for field in fields[:3]]
    return " and ".join(names) if len(names) < 3 else f"{', '.join(names[:2])} and {names[2]}"


# The prompt


def _asked(fields: Sequence[Field], answer: Guess | None) -> Guess | None:
    found = messages(fields, answer.path if answer else "")
    if found is not None:
        return Guess(*found)
    taken = answer.path if answer else ""
    ranked = _ranked([field for field in fields if not _same_branch(field, taken)], _asking)
    if ranked:
        score, best = ranked[0]
        return Guess(best.path, _doubt_of_prompt(score, best, ranked[1:], fields))
    if answer is None:
        return None
    rest = [f for f in _prose(fields) if f.path != taken and not _same_branch(f, taken)]
    return Guess(rest[0].path, "by what stands there alone") if len(rest) == 1 else None


def _doubt_of_prompt(score: float, best: Field, others: Sequence[Ranked], fields: Sequence[Field]) -> str:
    rivals = [f for other, f in others if score - other < 1.5 * _CLOSE and _rivals(best, f) and is_prose(f)]
    if rivals:
        return f"{_named(rivals)} could be the prompt, or belong to it"
    if best.constant and len(best.values) > 2:
        return "it is the same in all records looked at"
    beside = [f for f in fields if len(f.parts) == len(best.parts) and spelled(f.parts[-1]) in _CONTEXT and is_prose(f)]
    if beside:
        return f"{_named(beside)} may belong to it"
    return _doubt_of_text(score, best)


def _asking(field: Field) -> float:
    parts = [spelled(part) for part in field.parts]
    above = set(parts[:-1])
    if field.share() < 0.5 or any(names_something_else(part) for part in parts):
        return 0.0
    if _ASKING.search(field.path) and (field.inside or above & {"contents", "messages"}):
        return 90.0 - len(parts) if not above & _ANSWERED else 0.0
    if (field.inside and "inputs" not in above) or above & _ANSWERED or parts[-1].isdigit():
        return 0.0
    score = _named_alike("prompt", parts) - 8.0 * (len(parts) - 1) + (30.0 if above & _ASKED else 0.0)
    score -= _WRAPPED if _is_json(field) else 0.0
    if parts[-1] in WEAK and (not _worth(field) or (field.constant and len(field.values) > 2)):
        return 0.0
    return score - (40.0 if field.constant and len(field.values) > 2 else 0.0)


def _by_content(fields: Sequence[Field], prompt: Guess | None) -> Guess | None:
    """The longest prose that differs from record to record, where no name tells."""
    rest = [f for f in _prose(fields) if prompt is None or f.path != prompt.path]
    differing = [f for f in rest if 5 * f.distinct >= 4 * len(f.values)]
    if not differing or (prompt is None and len(rest) != 2):
        return None
    questions = [f for f in rest if 2 * f.share(_QUESTION) > 1]
    answers = [f for f in differing if f not in questions] if prompt is None and len(questions) == 1 else []
    best = max(answers or differing, key=lambda f: f.length)
    return Guess(best.path, "by what stands there alone: the longest text that differs between the records")


def _prose(fields: Sequence[Field]) -> list[Field]:
    """Fields of plain words, different in most records, whose names do not say that they are something else."""
    return [
        f
        for f in fields
        if not f.inside
        and is_prose(f)
        and len(f.values) > 1
        and f.distinct > 1
        and 2 * len(f.values) > f.seen
        and not any(names_something_else(spelled(part)) for part in f.parts)
    ]


def _same_branch(field: Field, path: str) -> bool:
    return path == field.path or path.startswith(f"{field.path}.") or field.path.startswith(f"{path}.")
