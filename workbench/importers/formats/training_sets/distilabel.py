"""distilabel's data sets: an instruction with one generation or several, and the models that made them."""

from __future__ import annotations

from collections.abc import Mapping

from workbench.core.model import Json
from workbench.importers.messages.bodies import SYSTEM, extra_of
from workbench.importers.reading.fields import Fields, kind_of
from workbench.importers.reading.records_importer import Answer, JoinedPrompts, RecordsImporter, Taken
from workbench.importers.reading.tolerant_parse import RecordError

_MODELS = ("model_name", "generation_model", "generation_models", "model_names")


class Distilabel(RecordsImporter):
    """Where several models answered an instruction each has its own answer."""

    key = "distilabel"
    title = "distilabel data set (JSON lines)"
    suffixes = (".jsonl", ".json")
    why = "a distilabel data set, with instructions and generations"
    note = "Files of this form are made by one model to train another: its answers are those of the model it names."

    def knows(self, record: Mapping[str, Json]) -> bool:
        """An instruction and generations with what distilabel keeps beside them."""
        made = "generation" in record or "generations" in record
        return made and "instruction" in record and ("distilabel_metadata" in record or "generation_model" in record
                                                     or "generation_models" in record)  # fmt: skip

    def answers(self, fields: Fields, joined: JoinedPrompts) -> Taken:
        """One answer a generation."""
        record = fields.record
        prompt = fields.text("instruction")
        several = record.get("generations")
        made = several if isinstance(several, list) else [record.get("generation")]
        named = next((record[name] for name in _MODELS if record.get(name)), None)
        models = named if isinstance(named, list) else [named] * len(made)
        if len(models) != len(made):
            raise RecordError(f"there are {len(made)} generations, and {len(models)} models are named")
        system = fields.checked("system_prompt", record["system_prompt"]) if record.get("system_prompt") else ""
        for at, (text, model) in enumerate(zip(made, models, strict=True)):
            if not isinstance(text, str):
                yield RecordError(f"`generation` is {kind_of(text)}: there is no answer in it")
                continue
            yield Answer(
                fields.checked("generation", text),
                prompt,
                record=fields.label("id"),
                model=fields.checked_label("model_name", model),
                sample=str(at) if models.count(model) > 1 else None,
                flags=(SYSTEM,) if system else (),
                extra=extra_of(system=system),
            )
