"""The pictures of closeness: a handful of controls and hundreds of them take a like room."""

from __future__ import annotations

from workbench.analyses.scoring.pictures import Row, closeness
from workbench.core.drawing import RING, Mark


def test_hundreds_of_controls_do_not_make_a_tower() -> None:
    own = Row("suspect", 5.0, 4.0, 6.0, own=True)
    few, many = (
        closeness(own, [Row(f"c{at}", 0.5, 0.0, 1.0) for at in range(count)], "aurelia", "Rings.")
        for count in (12, 298)
    )
    assert few.height < many.height < few.height + 30
    for drawing, count in ((few, 12), (many, 298)):
        rings = [item for item in drawing.items if isinstance(item, Mark) and item.shape == RING]
        assert len(rings) == count
        assert all(0 < ring.y < drawing.height for ring in rings)
