# SPDX-License-Identifier: GPL-3.0-or-later
"""Every file says whose it is and what lives in it; public functions say what they do."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.tree import ROOMS_WITH_CODE, ROOT, Function, Module, modules, place

# REUSE-IgnoreStart
SPDX = "# SPDX-License-Identifier: GPL-3.0-or-later\n"
# REUSE-IgnoreEnd
SILENT = 10  # one public function in ten may be silent
LINES_IN_HEADER = 2  # what lives here, and at least a line on what it must not know, or why

DOMAIN = Path("src/kfdesk/domain")
RECORDS = (DOMAIN / "records").as_posix()  # descriptions, whose lines say it field by field


def files_without_licence(root: Path) -> list[str]:
    return [
        module.name
        for module in modules(root, *ROOMS_WITH_CODE)
        if not module.text.startswith(SPDX)
    ]


def files_without_header(root: Path) -> list[str]:
    """Files whose first sentence is missing, or does not end on its own line."""
    found = []
    for module in modules(root, *ROOMS_WITH_CODE):
        lines = (ast.get_docstring(module.tree) or "").splitlines()
        if not lines or not lines[0].endswith("."):
            found.append(module.name)
    return found


def thin_headers(root: Path) -> list[str]:
    """Modules of the program that say what lives in them, but not what must not."""
    return [
        module.name
        for module in modules(root, "src")
        if not module.is_package
        and not module.name.startswith(RECORDS)
        and header_lines(module) < LINES_IN_HEADER
    ]


def header_lines(module: Module) -> int:
    lines = (ast.get_docstring(module.tree) or "").splitlines()
    return len([line for line in lines if line.strip()])


def exporting_packages(root: Path) -> list[str]:
    """List the packages whose `__init__` holds more than a docstring."""
    return [
        module.name
        for module in modules(root, "src")
        if module.is_package and not (ast.get_docstring(module.tree) and len(module.tree.body) == 1)
    ]


def public_functions(module: Module) -> Iterator[Function]:
    """Yield the public functions of a module and the public methods of its classes."""
    scopes: list[ast.Module | ast.ClassDef] = [module.tree]
    while scopes:
        for node in scopes.pop().body:
            if isinstance(node, Function | ast.ClassDef) and node.name.startswith("_"):
                continue
            if isinstance(node, ast.ClassDef):
                scopes.append(node)
            elif isinstance(node, Function):
                yield node


def silent_functions(root: Path) -> list[str]:
    """List the public functions without a docstring, if more than one in ten lacks it."""
    every = [(module, found) for module in modules(root) for found in public_functions(module)]
    silent = [place(module, found) for module, found in every if not ast.get_docstring(found)]
    return silent if len(silent) * SILENT > len(every) else []


def test_every_file_begins_with_its_licence() -> None:
    assert files_without_licence(ROOT) == []


def test_every_file_says_what_lives_in_it() -> None:
    assert files_without_header(ROOT) == []


def test_every_module_says_what_it_must_not_know() -> None:
    assert thin_headers(ROOT) == []


def test_packages_say_why_they_exist_and_export_nothing() -> None:
    assert exporting_packages(ROOT) == []


def test_public_functions_say_what_they_do() -> None:
    assert silent_functions(ROOT) == []


def test_file_without_licence_is_seen(copy: Path) -> None:
    (copy / DOMAIN / "breach.py").write_text('"""A breach."""\n' + SPDX, encoding="utf-8")
    assert files_without_licence(copy) == ["src/kfdesk/domain/breach.py"]


def test_header_that_runs_over_its_first_line_is_seen(copy: Path) -> None:
    (copy / DOMAIN / "breach.py").write_text('"""A breach\nof it."""\n', encoding="utf-8")
    (copy / DOMAIN / "hole.py").write_text("x = 1\n", encoding="utf-8")
    assert files_without_header(copy) == [
        "src/kfdesk/domain/breach.py",
        "src/kfdesk/domain/hole.py",
    ]


def test_header_of_one_sentence_is_seen(copy: Path) -> None:
    sound = thin_headers(copy)
    (copy / DOMAIN / "breach.py").write_text('"""A breach."""\n', encoding="utf-8")
    assert set(thin_headers(copy)) - set(sound) == {"src/kfdesk/domain/breach.py"}


def test_package_that_exports_is_seen(copy: Path) -> None:
    header = copy / DOMAIN / "__init__.py"
    text = header.read_text(encoding="utf-8") + "from kfdesk.domain import errors\n"
    header.write_text(text, encoding="utf-8")
    assert exporting_packages(copy) == ["src/kfdesk/domain/__init__.py"]


def test_silent_functions_are_seen_when_they_are_many(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    spoken = 'def f():\n    """Speak."""\n'
    breach = tmp_path / "src" / "breach.py"
    breach.write_text(spoken * 9 + "def g(): ...\ndef _h(): ...\n", encoding="utf-8")
    assert silent_functions(tmp_path) == []
    breach.write_text(spoken * 8 + "class A:\n    def g(self): ...\n", encoding="utf-8")
    assert silent_functions(tmp_path) == ["src/breach.py:18 g"]
