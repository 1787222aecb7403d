"""The sentences of a validation report that are the same for every panel."""

from __future__ import annotations

WHY = (
    "A likelihood ratio (LR) is a statement about evidence: how many times more probable the texts are if the suspect "
    "comes from the protected family (H1) than if it does not (H2). This report asks how far such statements can be "
    "trusted. The method was applied to pairs of models whose history is publicly documented, without being told that "
    "history, and its answers were compared with it."
)

READING = (
    "An LR of 10 means that the texts are ten times more probable under H1 than under H2, an LR of 1/10 that they are "
    "ten times more probable under H2, and an LR of 1 says nothing. An LR is not the probability that H1 is true: that "
    "depends also on everything else in the case, which is for the court."
)

PROTOCOL = (
    "Every suspect was compared with every family of models that was old enough to be its source. A pair is related "
    "where public documentation names the family as a main source: the suspect was trained on its answers (distilled), "
    "tuned from its weights (derived), or passes its answers on (relay).",
    "Pairs that are neither clearly true nor clearly false stand apart. Other source: the family is a minor source, or "
    "one reached through a third model. Sibling: not a source, but made by the developer of one. Both are left out of "
    "the main figures; siblings are counted as unrelated in figures of their own. All other pairs are unrelated.",
    "The other models of the panel serve as controls, less the family itself, whatever comes from it, and whatever "
    "comes from the suspect.",
)

MODES = {
    "loo": "Fitted on this panel with the suspect’s group left out: each suspect was scored by a calibration that had "
    "seen neither it nor any of its near relatives. The suspects are therefore new to the method, but the prompts and "
    "the way of collecting are not.",
    "lopo": "Fitted on the other panels: each panel was scored by a calibration, and within bounds, that had seen "
    "nothing of it. Models of one name may stand in several panels, with answers to other prompts.",
    "shipped": "The calibration that comes with the workbench, as it is; nothing was fitted for this study. Where that "
    "calibration was made from this panel, or from suspects of it, the figures flatter.",
    "file": "A calibration from a file, as it is; nothing was fitted for this study. Where that calibration was made "
    "from this panel, or from suspects of it, the figures flatter.",
}

INTERVALS = (
    "The intervals answer the question how much the figures would move with another choice of suspects of the same "
    "kind: the suspects, each with all its pairs, were drawn anew {replicates} times from the seed {seed}, and the "
    "middle 95 % of the results is shown. An interval without width, such as one from 0 to 0, only says that no error "
    "was there to be drawn; it is not certainty."
)

MEANINGS = (
    (
        "AUC",
        "The chance that a related pair, picked at random, is ranked above an unrelated one: 0.5 is a coin, 1 is "
        "perfect. Ranks are taken before the cap; ties count half. “With siblings” counts siblings as unrelated.",
    ),
    (
        "AUC within families",
        "The same among the pairs of one family: does the family rank its own students above other suspects? A general "
        "liking for one family can’t help here. Families with at least five unrelated pairs, weighted by related ones.",
    ),
    (
        "AUC of no-text rule",
        "What a rule that reads no text, only the developer of the family and the date of the suspect, makes of the "
        "pairs, learned from other suspects. "
        "What the method has over this rule, it has from the texts.",
    ),
    (
        "Equal error rate",
        "The error rate at the threshold where both kinds of error are equally frequent (ROC convex hull).",
    ),
    (
        "Cllr",
        "What the LRs cost a reader who takes them at their word: 0 is perfect, 1 is no better than saying nothing, "
        "and above 1 they do harm. It punishes a confident error most.",
    ),
    (
        "Cllr_min",
        "What would be left of the Cllr if the LRs had the best possible size for their order (PAV). The difference is "
        "the cost of imperfect calibration.",
    ),
    (
        "LR above or below 1",
        "Misleading evidence: the LR points the wrong way. Counts are of the LR as reported, that is, capped.",
    ),
    (
        "Source on top",
        "Of the suspects with a documented source of this kind, how many have a documented source as the highest of "
        "all candidates. A tie with one that is not counts as a failure. “With siblings” lets siblings be candidates.",
    ),
)

NONE_SEEN = (
    "The limit is exact for independent trials (Clopper and Pearson). Pairs of one suspect are not independent, so "
    "that counting pairs is too generous; counting suspects alone is the cautious way."
)

MAKERS = (
    "For a protected model whose maker no known case covers, the fit must do without that maker’s cases. Here each "
    "maker’s related pairs were left out of the fit in turn, and that maker’s pairs were scored with what remained."
)

ENVELOPE = (
    "The figures hold for comparisons like those of the panel. A case outside these bounds is outside what has been "
    "validated, and the workbench says so beside its LR."
)

SCALE = (
    "Where words are put beside a number, they come from the scale below ({name}). The number comes first. The "
    "guideline’s table has no words between 1 and 2; a number on a boundary takes the weaker words; below 1 the "
    "reciprocal is read, in favour of H2."
)

ALWAYS = (
    "The history of each model is what its makers published. What they did not publish is not known here, and an "
    "undocumented source may hide behind a pair that counts as unrelated.",
    "Pairs of one suspect are not independent of one another, nor are suspects trained on the same data; the number "
    "of suspects, not of pairs, is what the figures rest on.",
    "The figures are averages over a panel. They are not the error rate of one case.",
)
