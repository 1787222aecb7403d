"""The two accounts that are weighed, in words: one H1 and one H2 for a question, wherever it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

UNSTATED = "not stated"


def h1(suspects: Sequence[str], protected: Sequence[str]) -> str:
    """The account of the allegation."""
    own = " and ".join(suspects) or "The suspect"
    source = " or ".join(protected) or "the protected model"
    was = "was" if len(suspects) < 2 else "were"
    return (
        f"{own} {was} trained on answers of {source}, directly or through other models. A model built from {source}’s "
        "weights counts too, and so does one that passes questions on to it."
    )


def h2(suspects: Sequence[str], population: Mapping[str, str]) -> str:
    """The other account, with the kind of models that it names."""
    it, was = ("It", "was") if len(suspects) < 2 else ("They", "were")
    kind = "another model of its kind" if len(suspects) < 2 else "other models of their kind"
    said = [population.get(key, UNSTATED) for key in ("era", "size_class", "base")]
    words = [
        said[0],
        f"base {said[2]}" if said[2] != UNSTATED else "base not stated",
        f"size {said[1]}",
    ]
    named = f" ({', '.join(words)})" if any(one != UNSTATED for one in said) else ""
    return (
        f"{it} {was} not. {it} {'is' if len(suspects) < 2 else 'are'} {kind}{named} that {was} trained on something "
        "else."
    )
