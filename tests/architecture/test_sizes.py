# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes: a module is one idea; functions are short and take few parameters."""

import ast
from pathlib import Path

from tests.architecture.tree import ROOT, Function, functions, modules, place

LINES_IN_MODULE = 800
LINES_IN_FUNCTION = 50
PARAMETERS = 5

MANY_PARAMETERS = {"src/kfdesk/domain/schema.py"}  # the specifiers: one for each part of a field
SIZED = ("src", "packaging", "benchmarks")

DOMAIN = Path("src/kfdesk/domain")


def long_modules(root: Path) -> list[str]:
    lines = {module.name: len(module.text.splitlines()) for module in modules(root, *SIZED)}
    return [f"{name}: {count} lines" for name, count in lines.items() if count > LINES_IN_MODULE]


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def long_functions(root: Path) -> list[str]:
    return [
        f"{place(module, function)}: {lines_of(function)} lines"
        for module in modules(root, *SIZED)
        for function in functions(module)
        if lines_of(function) > LINES_IN_FUNCTION
    ]


def parameters_of(function: Function) -> int:
    """Return how many values a caller thinks of: `self` and `cls` are not among them."""
    given = function.args
    names = [argument.arg for argument in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len(names[1:] if names[:1] in (["self"], ["cls"]) else names)


def crowded_functions(root: Path) -> list[str]:
    return [
        f"{place(module, function)}: {parameters_of(function)} parameters"
        for module in modules(root, *SIZED)
        if module.name not in MANY_PARAMETERS
        for function in functions(module)
        if parameters_of(function) > PARAMETERS
    ]


def test_modules_are_short() -> None:
    assert long_modules(ROOT) == []


def test_functions_are_short() -> None:
    assert long_functions(ROOT) == []


def test_functions_take_few_parameters() -> None:
    assert crowded_functions(ROOT) == []


def test_long_module_is_seen(copy: Path) -> None:
    (copy / DOMAIN / "breach.py").write_text("x = 1\n" * 801, encoding="utf-8")
    assert long_modules(copy) == ["src/kfdesk/domain/breach.py: 801 lines"]


def test_long_function_is_seen_in_a_class_too(copy: Path) -> None:
    text = "class A:\n    def f(self):\n" + "        x = 1\n" * 50
    (copy / DOMAIN / "breach.py").write_text(text, encoding="utf-8")
    assert long_functions(copy) == ["src/kfdesk/domain/breach.py:2 f: 51 lines"]


def test_sixth_parameter_is_seen_and_self_is_not_counted(copy: Path) -> None:
    text = "class A:\n    def f(self, a, b, c, d, e): ...\n\n\ndef g(a, b, c, /, d, *, e, f): ...\n"
    (copy / DOMAIN / "breach.py").write_text(text, encoding="utf-8")
    assert crowded_functions(copy) == ["src/kfdesk/domain/breach.py:5 g: 6 parameters"]


def test_inner_function_is_measured_with_its_outer_one() -> None:
    tree = ast.parse("def f():\n    def g(a, b):\n        return a\n    return g\n")
    assert [lines_of(node) for node in ast.walk(tree) if isinstance(node, Function)] == [4, 2]
