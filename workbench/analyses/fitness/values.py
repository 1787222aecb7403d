"""The values of a Finding of `fitness`, and the rows of its table of corpora. Shares are between 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

FIT, DOUBTFUL, UNFIT = "fit", "doubtful", "unfit"
"""The verdicts."""


@dataclass(frozen=True, slots=True)
class JudgedCorpus:
    """The verdict on one corpus, with its reasons."""

    model: str
    role: str
    verdict: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExaminationTotals:
    """Answers by what the examination found. Findings of early versions count those that look cut as `truncated`."""

    answers: int
    refused: int
    truncated: int
    looks_cut: int | None = None
    empty: int
    copies: int
    near_duplicates: int
    like_other_corpora: int
    quoting: int
    mojibake: int
    hidden: int
    control: int
    bidi: int
    zero_width: int
    secret: int


@dataclass(frozen=True, slots=True)
class ExaminationValues:
    """Whether the corpora were examined, with the totals of those that were, and their answers by language.

    `missing` are some of those that were not; `outdated` is when an examination by other rules ended, which findings
    of early versions do not state.
    """

    state: str
    totals: ExaminationTotals
    missing: tuple[str, ...]
    languages: Mapping[str, int]
    outdated: str = ""


@dataclass(frozen=True, slots=True)
class PairedCorpus:
    """What a corpus has: ids, texts of prompts, ids with several texts, texts under several ids, prompts compared."""

    model: str
    ids: int
    texts: int
    several_texts: int
    several_ids: int
    prompts: int


@dataclass(frozen=True, slots=True)
class PairedSet:
    """A set of ids by which answers are paired, counted over all its corpora, and in words."""

    name: str
    ids: int
    texts: int
    several_texts: int
    several_ids: int
    prompts: int
    alone: int
    samples: bool
    words: str
    corpora: tuple[PairedCorpus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FitnessValues:
    """What is stated of the material: the verdict with its reasons, and how many corpora are fit.

    `n_prompts_both` are the prompts that the suspect and the closest protected corpus answered, `n_prompts_usual` those
    that at least a quarter of the other models answered, of which the suspect lacks `n_prompts_lacking`; findings of
    early versions have 0 in both. They say nothing of an examination either.
    """

    verdict: str
    reasons: tuple[str, ...]
    suspect: str
    protected: str
    n_prompts_suspect: int
    n_prompts_both: int
    n_prompts_usual: int = 0
    n_prompts_lacking: int = 0
    n_controls: int
    n_controls_usable: int
    n_fit: int
    n_doubtful: int
    n_unfit: int
    decoding_settings: str
    judged: tuple[JudgedCorpus, ...]
    examination: ExaminationValues | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FitnessByIds(FitnessValues):
    """The same where ids pair answers: what is counted of each set of ids; empty where all is paired by text."""

    pairing: tuple[PairedSet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusRow:
    """The counts of one corpus."""

    model: Annotated[str, "Model"]
    role: Annotated[str, "Role"]
    verdict: Annotated[str, "Verdict"]
    reasons: Annotated[str, "Reasons"]
    released: Annotated[str | None, "Released"]
    answers: Annotated[int, "Answers"]
    prompts: Annotated[int, "Prompts"]
    shared: Annotated[int, "Prompts in common with the suspect"]
    coverage: Annotated[float, "Share of the suspect's prompts"]
    near_empty: Annotated[int, "Nearly empty answers"]
    repeated: Annotated[int, "Prompts with an answer that recurs"]
    cut: Annotated[int, "Answers that look cut off"]
    quoting: Annotated[int, "Answers that quote the prompt"]
    same_text: Annotated[int, "Prompts with the suspect's very words"]
    other_script: Annotated[int, "Prompts in another script than the suspect's"]
    scripts: Annotated[str, "Answers by script"]
    length_low: Annotated[int, "Characters, 10th percentile"]
    length_median: Annotated[int, "Characters, median"]
    length_high: Annotated[int, "Characters, 90th percentile"]
    length_factor: Annotated[float, "Length against the suspect's"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the examination found in one corpus: what is read of its row, empty where it was not examined."""

    model: str
    answers: int | None
    refused: int | None
    looks_cut: int | None = None
    near_duplicates: int | None
    like_other_corpora: int | None
    hidden: int | None
