# SPDX-License-Identifier: GPL-3.0-or-later
"""Qt never guesses whether a text is markup: what a partner wrote would load a picture.

Labels and tooltips come from one module, which makes plain text of all of them; long texts from the
reader. A widget of Qt that guesses, or a setter that shows rich text, stands nowhere else.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.tree import ROOT, Module, modules, said, walk

_TEXT = "src/kfdesk/ui/widgets/text.py"
_READER = "src/kfdesk/ui/widgets/reader.py"
_HELP = "src/kfdesk/ui/shell/help.py"  # the kinds of resources of its own pictures
_RESTORE = "src/kfdesk/ui/pages/restore.py"  # its constructor takes plain text
GUESSING: dict[str, tuple[str, ...]] = {
    "QLabel": (_TEXT,),
    "QToolTip": (_TEXT,),
    "setToolTip": (_TEXT,),
    "setTextFormat": (_TEXT,),
    "QTextBrowser": (_READER,),
    "setHtml": (_READER,),
    "setMarkdown": (_READER,),
    "QTextDocument": (_READER, _HELP, _RESTORE),
    **dict.fromkeys(
        (
            *("setStatusTip", "setWhatsThis", "setToolTipsVisible", "insertHtml", "insertMarkdown"),
            *("setInformativeText", "setDetailedText", "setSubTitle"),
            *("ToolTipRole", "StatusTipRole", "WhatsThisRole"),
            *("RichText", "MarkdownText", "AutoText"),
            *("QMessageBox", "QErrorMessage", "QInputDialog", "QProgressDialog", "QSplashScreen"),
            *("QWhatsThis", "QWizardPage", "QGraphicsTextItem", "QStaticText"),
            *("QFormLayout", "QSystemTrayIcon"),
        ),
        (),
    ),
}
"""What may show rich text, and the modules that may name it."""


def rich_texts(root: Path) -> list[str]:
    """List each place that could show rich text and is not the one that makes it plain."""
    return [
        f"{module.name}:{line} {name}" for module in modules(root) for line, name in _in(module)
    ]


def _in(module: Module) -> Iterator[tuple[int, str]]:
    for node in walk(module.tree):
        for name in _names(node):
            if name in GUESSING and module.name not in GUESSING[name]:
                yield getattr(node, "lineno", 0), name
        if isinstance(node, ast.Call) and said(node.func).endswith(".setTextFormat"):
            formats = [said(one) for one in node.args]
            yield from [(node.lineno, "setTextFormat")] * (formats != ["Qt.TextFormat.PlainText"])


def _names(node: ast.AST) -> Iterator[str]:
    """Yield what a node names: a variable, an attribute, an import, or a setter in quotes."""
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.ImportFrom):
        yield from (one.name for one in node.names)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from (node.value,) if node.value.startswith("set") else ()


def test_qt_guesses_nowhere_whether_a_text_is_markup() -> None:
    assert rich_texts(ROOT) == []


def test_every_label_is_told_to_be_plain() -> None:
    """The one class that is made of Qt's label sets the format before anybody gives it a text."""
    (module,) = (one for one in modules(ROOT) if one.name == _TEXT)
    labels = [
        node for node in walk(module.tree)
        if isinstance(node, ast.ClassDef) and "QLabel" in map(said, node.bases)
    ]  # fmt: skip
    calls = [said(node) for node in walk(module.tree) if isinstance(node, ast.Call)]
    assert [node.name for node in labels] == ["PlainLabel"]
    assert "QLabel()" not in calls
    assert [one for one in calls if ".setTextFormat" in one] == [
        "self.setTextFormat(Qt.TextFormat.PlainText)"
    ]


@pytest.mark.parametrize(
    "breach",
    [
        "button.setToolTip(name)",
        "kit.translator.bind(button.setToolTip, said)",
        "getattr(button, 'setToolTip')(name)",
        "label = QLabel(name)",
        "label = QtWidgets.QLabel(name)",
        "from PySide6.QtWidgets import QLabel as Line",
        "QMessageBox.warning(None, title, name)",
        "bar.setStatusTip(name)",
        "page.setWhatsThis(name)",
        "item.setData(name, Qt.ItemDataRole.ToolTipRole)",
        "QToolTip.showText(place, name)",
        "label.setTextFormat(Qt.TextFormat.RichText)",
        "form = QFormLayout()",
        "view.insertHtml(name)",
    ],
)
def test_way_of_showing_rich_text_is_seen(copy: Path, breach: str) -> None:
    path = copy / "src" / "kfdesk" / "ui" / "pages" / "breach.py"
    path.write_text(f"{breach}\n", encoding="utf-8")
    assert any("breach.py" in one for one in rich_texts(copy))


@pytest.mark.parametrize("form", ["Qt.TextFormat.RichText", "chosen"])
def test_other_format_is_seen_also_where_labels_are_made(copy: Path, form: str) -> None:
    path = copy / _TEXT
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Qt.TextFormat.PlainText", form), encoding="utf-8")
    assert any(one.startswith(_TEXT) for one in rich_texts(copy))


@pytest.mark.parametrize(
    "sound", ["set_tooltip(button, name)", "label = PlainLabel()", "field.setAccessibleName(name)"]
)
def test_plain_text_is_let_through(copy: Path, sound: str) -> None:
    path = copy / "src" / "kfdesk" / "ui" / "pages" / "sound.py"
    path.write_text(f"{sound}\n", encoding="utf-8")
    assert rich_texts(copy) == []
