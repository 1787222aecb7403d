"""Pictures: marks in their places, never one over another; pointing, walking, zoom."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest

from workbench.core.plot import Axis, Band, Fill, Mark, Plot, Row, Shape, Tick
from workbench.gui.look.theme import Type, theme
from workbench.gui.pictures.geometry import natural_height
from workbench.gui.pictures.painter import PlotPainter
from workbench.gui.pictures.picture import Picture


@pytest.fixture(autouse=True)
def dressed(app) -> None:
    theme().install()


def forest(models: int) -> Plot:
    names = [f"a-model-with-a-rather-long-name-of-forty-{at:03}" for at in range(models)]
    return Plot(
        title="t",
        axis=Axis(-1, 1, (Tick(0, "0"),), "points"),
        description="d",
        rows=tuple(Row(name) for name in names),
        bands=(Band(-0.2, 0.2, Fill.HATCHED),),
        marks=tuple(
            Mark(name, at / models - 0.5, float(at), Shape.CONTROL, f"{at}", low=-0.9, high=0.9, target=f"of:{name}")
            for at, name in enumerate(names)
        ),
    )


def paint(plot: Plot, width: int, height: int) -> tuple[QImage, PlotPainter]:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.white)
    made = PlotPainter(plot, QRectF(0, 0, width, height))
    painter = QPainter(image)
    made.paint(painter)
    painter.end()
    return image, made


@pytest.mark.parametrize("models", [1, 28, 300])
def test_rows_never_cover_one_another(models: int) -> None:
    plot = forest(models)
    high = natural_height(plot, 560)
    _, made = paint(plot, 560, high)
    ys = [placed.point.y() for placed in made.marks]
    least = theme().metrics(Type.LEAST).height()
    assert all(later - earlier >= least - 1 for earlier, later in pairwise(ys))
    assert all(0 <= y <= high for y in ys)


def test_every_mark_of_the_description_is_painted() -> None:
    plot = forest(28)
    image, made = paint(plot, 560, natural_height(plot, 560))
    assert [placed.mark for placed in made.marks] == list(plot.marks)
    for placed in made.marks:
        x, y = int(placed.point.x()), int(placed.point.y())
        around = {image.pixel(x + dx, y + dy) for dx in range(-5, 6) for dy in range(-5, 6)}
        assert len(around) > 2, placed.mark.name


def test_piled_marks_do_not_cover_one_another() -> None:
    marks = tuple(Mark(str(n), 0.001 * n, 0, Shape.CONTROL, piled=True) for n in range(40))
    plot = Plot("t", Axis(-1, 1), "d", rows=(Row("", 14),), marks=marks)
    made = PlotPainter(plot, QRectF(0, 0, 400, 400))
    points = [placed.point for placed in made.marks]
    for at, one in enumerate(points):
        for other in points[at + 1 :]:
            assert abs(one.x() - other.x()) + abs(one.y() - other.y()) > 5


def test_pointing_says_name_value_and_what_enter_does(app) -> None:
    picture = Picture()
    picture.resize(560, 500)
    picture.show_plot(forest(5))
    picture.show()
    app.processEvents()
    placed = picture.canvas.marks()[2]
    QTest.mouseMove(picture.canvas, placed.point.toPoint())
    picture.canvas.point(2)
    assert picture.canvas.tip.first.text() == placed.mark.name
    assert "Enter" in picture.canvas.tip.hint.text()
    own = picture.canvas.tip.geometry()
    same_row = [p for p in picture.canvas.marks() if p.mark.y == placed.mark.y and p is not placed]
    assert not any(own.contains(p.point.toPoint()) for p in same_row)
    picture.hide()
    picture.deleteLater()


def test_zoom_keeps_what_is_under_the_pointer_and_shows_all_again(app) -> None:
    picture = Picture()
    picture.resize(560, 500)
    picture.show_plot(forest(5))
    picture.show()
    app.processEvents()
    canvas = picture.canvas
    before = canvas.painted().geometry
    where = QPointF(before.x(0.25), 40)
    canvas.zoom(2, where)
    after = canvas.painted().geometry
    assert after.high - after.low == pytest.approx(1.0)
    assert after.value(where.x()) == pytest.approx(0.25, abs=1e-6)
    canvas.show_all()
    assert canvas.painted().geometry.high == 1
    picture.hide()
    picture.deleteLater()
