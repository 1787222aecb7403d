"""Sentences that every report holds, whatever was found."""

from __future__ import annotations

LADDER = (
    "No claim of origin is made: the question asks for none, the material does not allow one, or the first rung is not "
    "reached.",
    "The suspect differs from the controls: it is closer to the protected model than most of them, or ahead of all but "
    "with too few controls or too little certainty for rung 2.",
    "The suspect is closer to the protected model than every control is.",
    "The suspect is closer than its base, its siblings and its date explain.",
    "The suspect holds unpredictable content of the protected model.",
    "The suspect carries a secret signal of the protected model, or agrees with its logs.",
)

READING = (
    "How to read it: rank 1 means that the suspect is closer to the protected model than every control; p_model is "
    "the share of all compared models, the suspect counted in, that are at least as close as the suspect."
)

FIRST_LIMITS = (
    "This is not the probability that the suspect learned from the protected model, and not an error rate.",
    "Closeness is not origin: a common source, a third model or the reverse direction can make answers alike.",
    "A finding of nothing does not clear the suspect: paraphrase and later training hide a source from every "
    "comparison of texts.",
)

H1 = (
    "H1: the suspect’s answers come from a model trained, directly or through others, on answers of the "
    "protected model (or derived from its weights, or relaying it)."
)
H2 = (
    "H2: they come from a model of the relevant kind (era, size class and base as stated), of which the "
    "controls are a sample, not so trained."
)
POPULATION = (
    "The unit of the claim is the model, not the answer: thousands of answers from twenty models say "
    "twenty things about unrelated models. The controls stand for the population of H2; which models they "
    "are is listed with each finding, and which were left out, with the reason."
)

METHOD = (
    "Every file is hashed before it is read, and kept as it was received. Each answer keeps its place in "
    "that file, so that every number can be followed back to bytes. The ledger seals the files, and the text, prompt "
    "and ids of each answer; it does not seal the places, which are tried by reading the bytes there. HOW_TO_CHECK.txt "
    "lists all that the seal of the pack alone covers.",
    "Models are compared only on prompts that both answered. Prompts are paired by their text or by a "
    "given identifier, never by their position in a file.",
    "Each control takes the suspect’s place in turn and is scored in the same way. How the suspect ranks "
    "among them is the result at the level of models; how steady the number is over prompts is a separate "
    "question, answered by resampling prompts with all their answers together.",
    "Closest source looks at each answer in six views: words (runs of one to three, without case and punctuation), "
    "cased sequences (runs of two to four words and marks as written), the layout skeleton (shapes of words, "
    "punctuation, ends of lines), openings, endings, and function words (such as “the” and “of”; English alone). In "
    "each view the likeness of two answers is the cosine of their weighted counts: 1 for the same features, 0 for none "
    "in common.",
    "Each view has a twin, “less consensus”: what all models of the run have in common on a prompt (their mean) is "
    "taken out first, so that what any assistant would say to that prompt does not count.",
    "A likeness is then seen from both sides: against the same model’s likenesses to the other models, and against "
    "the other models’ likenesses to the protected model. The statistic is the mean over the views and both sides. Its "
    "unit is a point: a robust deviation, which is a distance from the median in units of 1.4826 times the median "
    "absolute deviation.",
    "A p over prompts, or an interval from drawing prompts anew, says how sure a number is on these prompts. It does "
    "not say how unusual the suspect is among models: p_model and the rank say that.",
    "A likelihood ratio comes from what the suspect shares with the protected model, in layout, openings and endings, "
    "beyond all that the controls share with either (a partial correlation), and from how far the protected model lies "
    "before the closest control. What such scores are worth was fitted on other suspects whose sources are documented.",
    "Random draws start from a stored seed, so that another examiner obtains the same numbers. No language "
    "model judges anything, and no hand-written list of phrases decides anything.",
)

VALIDATION = (
    "No calibrated likelihood ratio is among the findings that stand, which would state how much more probable they "
    "are under H1 than under H2 and how often such a statement misleads (`weigh` computes one).",
    "The rank among controls is therefore the strongest statement made here. It describes this suspect "
    "among these controls. It is not an error rate of the method.",
)

CALIBRATED = (
    "How often the likelihood ratios mislead is stated with each of them, as it was measured on models whose sources "
    "are documented and that the weights were not fitted on: Cllr, and how many ratios pointed the wrong way. Where "
    "the material of this case is not like those panels, the finding says first that it lies outside the validated "
    "envelope; the rates need not hold there.",
    "The calibration lies in data/05_analysis under calibration- and the start of its SHA-256: its weights, the panels "
    "it comes from, its figures and its envelope. `workbench validate PANEL.json` repeats the measurement on any panel "
    "of known truth, and `workbench calibrate` makes another, with which every number can be computed anew.",
)

OTHER_EXPLANATIONS = (
    "Common descent: two models that start from the same base, or from the same public data, can resemble "
    "one another although neither learned from the other’s answers. Controls of the same base test this.",
    "The web itself: text written by chatbots is on the public web, and a model trained on the web has read "
    "it. Controls of the same era test this in part.",
    "A shared teacher: the suspect and the protected model may both have learned from a third model.",
    "The reverse direction: text alone cannot tell whether the suspect learned from the protected model or "
    "the protected model from the suspect. Dates, logs and keys can.",
    "A chain: the suspect may have learned from a model that learned from the protected model.",
    "Lawful sources: licensed data, published data sets and customers’ own logs can hold answers of the "
    "protected model.",
    "Style and length: format, length and layout are easily imitated. A comparison that rests on them alone "
    "carries little weight.",
    "How the answers were collected: system prompts, decoding settings or a relaying service can make answers alike.",
)
WHAT_WOULD_CHANGE = (
    "The opinion would change if a control of the same base, date and kind as the suspect came as close to "
    "the protected model; if the dates or the origin of a corpus were shown to be wrong; or if the suspect’s "
    "answers were shown to have been collected under other conditions than stated."
)

NOT_SAID = (
    "It does not give a probability that the suspect learned from the protected model.",
    "It does not say who did what, with which intent, or whether any contract or law was broken.",
    "It does not say that likeness alone shows where a model comes from.",
    "It does not clear anybody: a method that finds nothing may have missed it, and paraphrase defeats every "
    "comparison of texts.",
    "It claims no conformity with any standard of evidence or accreditation that nobody has assessed.",
)

WITHOUT_PLAN = (
    "No plan was locked: everything is exploratory. Who reads these results can't know how many others were tried "
    "outside this case; every run that was stored in it is listed in the run register, withdrawn ones included."
)

DEVIATIONS = (
    "What was run otherwise than the plan says is listed here, finding by finding. A finding with a deviation is "
    "exploratory: it may suggest, it does not confirm. Runs that were refused leave nothing behind; where they were "
    "planned, they are listed as not run."
)

LOOKS = (
    "A p over prompts is adjusted by Holm’s method for the protected models times the primary analyses of the plan; "
    "those that were not run, those without a p, and those of earlier versions that were run are counted in. p_model "
    "is not adjusted: with few controls it could not survive that. Ranks are given, and everything that was run is "
    "listed."
)

QUALITY = (
    "This report is an unsigned draft. It has not been reviewed by a second examiner. Before it is relied "
    "on, the examiner adds instructions received, qualifications and declarations, and signs it."
)

QUALITY_SIGNED = (
    "It has not been reviewed by a second examiner, unless one is named as a signer. Instructions received, "
    "qualifications and declarations stand in the papers that go with it."
)

CUSTODY = (
    "The audit log in data/06_custody/audit_log.jsonl has one line for each act in the case. Each line holds "
    "the hash of the line before it, so that a line that is altered, removed or put in shows. The log is "
    "tamper-evident, not beyond tampering: a keeper who rewrites all of it can make a new chain, but its last "
    "hash then differs from the head printed in this pack."
)

GLOSSARY = (
    ("Answer", "One text that a model returned to one prompt."),
    ("Base", "The weights that a model’s training started from."),
    ("Control", "A model believed to be unrelated to the protected one, used as a yardstick."),
    (
        "Closeness, point",
        "How far a likeness stands out: distance from the median in units of 1.4826 times the median absolute "
        "deviation, averaged over views and both sides.",
    ),
    ("Confirmatory", "Run as the locked plan says, on the answers that it names."),
    ("Corpus", "The answers of one model, with what is known of it."),
    ("Exploratory", "Run without a locked plan, or otherwise than it says."),
    ("Finding", "The stored result of one run of one analysis; it never changes."),
    ("Hash (SHA-256)", "A number computed from a file’s bytes; change one byte and it is another number."),
    (
        "Less consensus",
        "The twin of a view: what all models of the run have in common on a prompt is taken out before comparing.",
    ),
    ("p over prompts", "How sure a number is on these prompts; it says nothing of other models."),
    ("p_model", "The share of models, the suspect counted in, whose statistic is at least the suspect’s."),
    ("Plan", "What is to be run and on what, written and locked in the audit log, best before any result is known."),
    ("Prompt", "The text that a model was asked to answer."),
    ("Protected model", "The model whose answers are said to have been used."),
    ("Rank", "The suspect’s place among all compared models by the statistic; 1 is closest to the protected model."),
    ("Rung", "How strong a kind of claim a finding supports, 0 to 5; see the ladder."),
    *((f"Rung {number}", claim) for number, claim in enumerate(LADDER)),
    ("Suspect", "The model about which the question is asked."),
    ("View", "One way to look at a text: words, cased sequences, layout, openings, endings or function words."),
    ("Withdrawn", "A finding that the examiner no longer relies on; it stays listed, with the reason."),
)
