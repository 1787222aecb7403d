"""The invented models of the sample case, with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass

DATASET = "sample"
CASE = {
    "title": "Sample case: marlin-chat and Aurelia (synthetic)",
    "suspect": "marlin-chat",
    "protected": "aurelia",
}
HOUSES = {"wrack-7b": 8, "gable-3b": 8, "orchard-13b": 8}
"""Base models that others were trained from, and how many writers their corpora have."""


@dataclass(frozen=True)
class Model:
    """One invented model: with `house` it was trained from that base, otherwise it is a drawn speaker.

    `like` is the model whose speaker it descends from; `teachers` are the models whose answers it
    was trained on, with the weight of each.
    """

    name: str
    developer: str
    released: str
    family: str = ""
    like: str = ""
    house: str = ""
    teachers: tuple[tuple[str, float], ...] = ()
    group: str = ""
    secret: bool = False
    """Its maker has not said what it was trained on."""

    def facts(self) -> dict[str, object]:
        """The model's entry in the panel manifest."""
        entry: dict[str, object] = {
            "corpus": self.name,
            "file": f"answers/{self.name}.json",
            "developer": self.developer,
            "released": self.released,
        }
        if self.house:
            entry["base"] = self.house
        if self.family:
            entry["family"] = self.family
        if self.teachers and not self.secret:
            entry["sources"] = [{"corpus": name, "relation": "distilled"} for name, _ in self.teachers]
        if self.group:
            entry["group"] = [self.group]
        if self.house and not self.teachers:
            entry["teacherless"] = True
        entry["basis"] = self._basis()
        return entry

    def _basis(self) -> str:
        if self.secret:
            return "invented; its maker has not said what it was trained on"
        if self.teachers:
            return "invented; documented by its maker as trained on these answers"
        if self.house:
            return "invented; documented by its maker as trained on people's answers"
        return "invented; nothing is said of its training"


_ALL = (
    Model("aurelia-1", "Aurelia Works", "2024-03", family="aurelia"),
    Model("aurelia-1.5", "Aurelia Works", "2024-09", family="aurelia", like="aurelia-1"),
    Model("aurelia-2", "Aurelia Works", "2025-09", family="aurelia", like="aurelia-1.5"),
    Model("marlin-chat", "Tidewater Row", "2025-02", house="wrack-7b", teachers=(("aurelia-1.5", 8.0),), secret=True),
    Model("wrack-7b-chat", "Wrackline", "2024-06", house="wrack-7b", group="wrackline"),
    Model("fenbird-7b", "Fenbird Collective", "2024-11", house="wrack-7b", teachers=(("pellmoor-m", 8.0),)),
    Model("lanternfish-3b", "Deepwell Group", "2024-08", house="gable-3b", teachers=(("quillet-1", 8.0),)),
    Model("cinderpath-3b", "Cinderpath", "2025-01", house="gable-3b", teachers=(("pellmoor-l", 8.0),)),
    Model("gable-3b-chat", "Gable House", "2024-05", house="gable-3b"),
    Model("orchard-13b-chat", "Orchard Row", "2024-10", house="orchard-13b"),
    Model("hazelmoth-13b", "Hazelmoth", "2025-03", house="orchard-13b", teachers=(("varnholt-chat", 8.0),)),
    Model("pellmoor-s", "Pellmoor", "2024-01", family="pellmoor", group="pellmoor"),
    Model("pellmoor-m", "Pellmoor", "2024-05", family="pellmoor", like="pellmoor-s", group="pellmoor"),
    Model("pellmoor-l", "Pellmoor", "2024-10", family="pellmoor", like="pellmoor-m", group="pellmoor"),
    Model("quillet-1", "Quillet Hall", "2023-11", family="quillet", group="quillet"),
    Model("quillet-2", "Quillet Hall", "2024-12", family="quillet", like="quillet-1", group="quillet"),
    Model("varnholt-chat", "Varnholt", "2024-04", family="varnholt", group="varnholt"),
    Model("varnholt-long", "Varnholt", "2024-07", family="varnholt", like="varnholt-chat", group="varnholt"),
    Model("ostervik-7b", "Ostervik", "2024-02", group="ostervik"),
    Model("ostervik-40b", "Ostervik", "2024-09", like="ostervik-7b", group="ostervik"),
    Model("tamarrow-1", "Tamarrow", "2024-03"),
    Model("dunmarsh-instruct", "Dunmarsh", "2024-06"),
    Model("kilnbrook-mini", "Kilnbrook", "2024-08"),
    Model("sallowby-chat", "Sallowby", "2024-12"),
    Model("eskmere-9b", "Eskmere", "2024-07"),
    Model("ravenglint-1", "Ravenglint", "2025-01"),
    Model("thistledown-8b", "Thistledown", "2024-11"),
    Model("wexcombe-chat", "Wexcombe", "2025-02"),
)
MODELS = {model.name: model for model in _ALL}
