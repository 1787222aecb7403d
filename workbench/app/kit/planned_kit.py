"""What a kit shall be, checked: the request of a person, and the prompts and requests that it comes to."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.app.kit import request_files
from workbench.app.kit.battery import KitPrompt, chosen
from workbench.core.errors import UsageError
from workbench.core.kit_ids import NO_MODEL
from workbench.core.text import visible

FORMATS = ("openai", "compatible", "anthropic", "jsonl", "csv")
_MOST_BYTES = 200_000_000
"""The smaller of the two interfaces' limits for a batch file."""


@dataclass(frozen=True, slots=True)
class KitRequest:
    """What the kit shall be. Empty lists mean all; `repeats` None takes each prompt's own suggestion.

    `temperature` None leaves it to the maker's default; `model` empty leaves a placeholder in the batch files.
    """

    repeats: int | None = None
    kinds: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    model: str = ""
    max_tokens: int = 4096
    temperature: float | None = None
    system: str = ""
    formats: tuple[str, ...] = FORMATS
    seed: int = 1


@dataclass(frozen=True, slots=True)
class KitPlan:
    """What goes into a kit: the prompts, the requests in their order, and how each is sent."""

    request: KitRequest
    prompts: tuple[KitPrompt, ...]
    asked: tuple[request_files.PromptRequest, ...]
    sending: request_files.Sending


def planned(request: KitRequest) -> KitPlan:
    """The prompts and requests of a kit; raises UsageError for a request that can't be."""
    for check in (_check_numbers, _check_temperature, _check_words):
        check(request)
    prompts = chosen(request.kinds, request.topics, request.languages)
    asked = request_files.in_random_order(prompts, request.repeats, request.seed)
    if len(asked) * (len(request.system.encode()) + 1000) > _MOST_BYTES:
        raise UsageError(
            f"{len(asked):,} requests with this system prompt are more than a batch file may hold.",
            hint="Take fewer repeats, fewer topics, or a shorter system prompt.",
        )
    sending = request_files.Sending(request.model or NO_MODEL, request.max_tokens, request.temperature, request.system)
    return KitPlan(request, prompts, tuple(asked), sending)


def _check_numbers(request: KitRequest) -> None:
    bounds = (("repeats", request.repeats, 1, 100), ("max-tokens", request.max_tokens, 1, 1_000_000))
    for name, value, low, high in bounds:
        if value is not None and not low <= value <= high:
            raise UsageError(f"--{name} {value} is out of range.", hint=f"It goes from {low} to {high:,}.")
    if request.seed < 0:
        raise UsageError("--seed is below 0.", hint="Any whole number from 0 on.")


def _check_temperature(request: KitRequest) -> None:
    value = request.temperature
    if value is None:
        return
    if not 0 <= value <= 2:
        raise UsageError(f"--temperature {value:g} is out of range.", hint="It goes from 0 to 2.")
    if value > 1 and "anthropic" in request.formats:
        raise UsageError(
            f"--temperature {value:g} can't be asked of Anthropic's interface, which takes 0 to 1.",
            hint="All models must be asked alike: take 1 or less, or leave anthropic out of --formats.",
        )


def _check_words(request: KitRequest) -> None:
    unknown = [name for name in request.formats if name not in FORMATS]
    if unknown or not request.formats:
        raise UsageError(
            f"The kit knows no format “{unknown[0]}”." if unknown else "No format is named.",
            hint=f"The formats are: {', '.join(FORMATS)}.",
        )
    if request.model != visible(request.model, keep="").strip() or len(request.model) > 200:
        raise UsageError(
            "That is no name of a model.", hint="One line of at most 200 characters, as the interface takes it."
        )
    if request.system and not request.system.strip():
        raise UsageError("The system prompt is blank.", hint="Leave --system out to send none.")
