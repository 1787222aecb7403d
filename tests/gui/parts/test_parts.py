"""The small parts: they say what they are, and keys do what the mouse does."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from workbench.gui.parts.buttons import Button, Segmented, keys_in_words
from workbench.gui.parts.chips import CONFIRMATORY, Chip, role_look
from workbench.gui.parts.filter_field import FilterField
from workbench.gui.parts.labels import LinkLabel, ShortLabel, two_tone
from workbench.gui.parts.panels import Columns, Disclosure, Flow


def test_shortcuts_read_as_on_the_keyboard(app) -> None:
    keys = ("Ctrl+Shift+E", "Ctrl+Return", "Alt+Left", "Ctrl++", "/", "")
    assert [keys_in_words(key) for key in keys] == ["Ctrl Shift E", "Ctrl ↵", "Alt ←", "Ctrl +", "/", ""]


def test_a_button_has_room_for_its_words_and_its_key(app) -> None:
    plain, keyed = Button("Import…"), Button("Import…", keys="Ctrl I", icon="import")
    assert keyed.sizeHint().width() > plain.sizeHint().width() + 30
    assert keyed.accessibleName() == "Import"
    pressed: list[int] = []
    button = Button("Go", lambda: pressed.append(1))
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [1, 1]


def test_arrows_move_in_a_segmented_control(app) -> None:
    control = Segmented("View", [("table", "Table"), ("picture", "Picture")])
    seen: list[str] = []
    control.chosen.connect(seen.append)
    QTest.keyClick(control, Qt.Key.Key_Right)
    QTest.keyClick(control, Qt.Key.Key_Right)
    assert (seen, control.key()) == (["picture"], "picture")
    control.show_choices([("table", "Table 3"), ("picture", "Picture")])
    assert control.key() == "picture"
    control.show_choices([("a", "A"), ("b", "B")])
    assert control.key() == "a"


def test_a_disclosure_opens_and_says_so(app) -> None:
    inside = QLabel("inside")
    disclosure = Disclosure("Numbers", inside, "7 tables")
    QTest.keyClick(disclosure.opener, Qt.Key.Key_Space)
    assert disclosure.is_open
    assert inside.isVisibleTo(disclosure)
    assert disclosure.opener.accessibleDescription() == "7 tables"


def test_escape_empties_a_filter_and_then_lets_go(app) -> None:
    field = FilterField("Filter", "Filter by name", "/")
    left: list[int] = []
    field.left.connect(lambda: left.append(1))
    QTest.keyClicks(field, "role:")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), left) == ("", [])
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert left == [1]


def test_markup_in_words_is_shown_as_it_is(app) -> None:
    label = two_tone("<b>strong</b>", "a & b")
    assert "&lt;b&gt;strong&lt;/b&gt;" in label.text()
    assert label.accessibleName() == "<b>strong</b> a & b"


def test_a_link_is_followed_with_enter(app) -> None:
    followed: list[int] = []
    link = LinkLabel("Read", lambda: followed.append(1))
    QTest.keyClick(link, Qt.Key.Key_Return)
    QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert followed == [1, 1]


def test_words_that_do_not_fit_are_in_the_tip(app) -> None:
    label = ShortLabel("a very long sentence that will not fit")
    label.resize(60, 20)
    label.show()
    assert label.toolTip() == label.text()
    label.resize(600, 20)
    app.processEvents()
    assert label.toolTip() == ""
    label.hide()


def test_chips_say_their_words(app) -> None:
    chip = Chip("Confirmatory", CONFIRMATORY)
    assert chip.accessibleName() == "Confirmatory"
    width = chip.sizeHint().width()
    chip.show_chip("suspect", role_look("suspect"))
    assert chip.accessibleName() == "suspect"
    assert chip.sizeHint().width() != width


def test_cards_stand_in_as_many_columns_as_fit(app) -> None:
    columns = Columns(300)
    columns.show_widgets([QLabel(str(at)) for at in range(5)])
    for width, wanted in ((1000, 3), (400, 1), (640, 2)):
        columns.resize(width, 400)
        columns.show()
        app.processEvents()
        assert columns.count_of_columns() == wanted
    columns.hide()


def test_a_flow_breaks_lines(app) -> None:
    holder = QWidget()
    flow = Flow()
    holder.setLayout(flow)
    for at in range(4):
        label = QLabel(str(at))
        label.setFixedSize(100, 20)
        flow.addWidget(label)
    assert flow.heightForWidth(500) < flow.heightForWidth(220) < flow.heightForWidth(110)
