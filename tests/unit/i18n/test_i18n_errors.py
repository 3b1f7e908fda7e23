# SPDX-License-Identifier: GPL-3.0-or-later
"""Every fault of the world has a sentence and a remedy, and everything shown has its words.

The raised codes are read from the source, so that a new one without words is seen here.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from tests.architecture.tree import ROOT as TREE
from tests.architecture.tree import Module, functions, modules, said
from tests.unit.i18n.conftest import Speaking
from tests.unit.i18n.po_files import TRANSLATED, places

from kfdesk.domain.codes import core
from kfdesk.domain.codes.world import COUNTRIES, LANGUAGES
from kfdesk.domain.errors import KfdeskError
from kfdesk.domain.records.registry import RECORD_TYPES
from kfdesk.i18n.language import PROGRAM_LANGUAGES
from kfdesk.i18n.messages import (
    MESSAGES,
    error_remedy,
    error_sentence,
    field_label,
    leak_finding_sentence,
)

ALREADY_RAISED = "error.code"  # an error is raised again with more data
PREFIXED = {  # where the rest of a code that is put together comes from
    "paper.": "SheetFinding",
    "paper.carry_": "message_key",
    "clock.": "clock_doubt",
}
FILLED: Mapping[str, str | int] = {
    "field": "leg.departs",
    "letter": "ᚠ",
    "letters": 28,
    "partner": "Invented House",
    "page": 1,
    "purpose": "health_care",
    "number": "195011",
    "reads": "sv",
    "spoken": "vi",
    "seen": 1_796_000_000_000,
    "newest": 1_795_000_000_000,
    "found": "audit:7",
    "most": 7,
    "line": 3,
    "known": ".csv",
    "kind": ".xls",
    "count": 1_024,
    "place": "action 3, title",
    "version": "0.1.9",
    "installed": "0.2.0",
    "file": "notebook.deb",
}

LISTS: Mapping[str, Mapping[str, str]] = {
    name: value
    for name, value in vars(core).items()
    if isinstance(value, dict) and name.isupper() and name not in ("COUNTRIES", "LANGUAGES")
}  # what the codes of countries and languages are called is CLDR's
FIELDS = [f"{kind}.{key}" for kind, described in RECORD_TYPES.items() for key in described.fields]


@dataclass(frozen=True)
class Raised:
    """A code at the place that raises it, with the names of its data."""

    code: str
    data: frozenset[str]


def literals(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def codes_of(argument: ast.expr, around: ast.AST) -> Iterator[str]:
    """Yield the codes that an argument may be: literals, or chosen in the lines around."""
    if isinstance(argument, ast.Constant):
        yield str(argument.value)
    elif isinstance(argument, ast.IfExp):
        yield from codes_of(argument.body, around)
        yield from codes_of(argument.orelse, around)
    elif isinstance(argument, ast.JoinedStr):
        yield from joined(argument)
    elif isinstance(argument, ast.Subscript):
        yield from table_values(said(argument.value))
    elif isinstance(argument, ast.Name):
        for node in ast.walk(around):
            if isinstance(node, ast.Assign) and said(node.targets[0]) == argument.id:
                yield from codes_of(node.value, around)
    else:
        assert said(argument) == ALREADY_RAISED


def table_values(name: str) -> Iterator[str]:
    """Yield the codes that are the values of a table with this name."""
    for module in modules(TREE):
        for node in ast.walk(module.tree) if name in module.text else ():
            if isinstance(node, ast.AnnAssign) and said(node.target) == name:
                assert isinstance(node.value, ast.Dict)
                yield from (text for value in node.value.values for text in literals(value))


def joined(code: ast.JoinedStr) -> Iterator[str]:
    """Yield the codes with a fixed prefix and an ending from another module."""
    prefix = "".join(str(p.value) for p in code.values if isinstance(p, ast.Constant))
    name = PREFIXED[prefix]
    naming = (module.tree for module in modules(TREE) if name in module.text)
    for node in (node for tree in naming for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and said(node.func) == name:
            yield from (prefix + text for text in literals(node.args[0]))
        elif isinstance(node, ast.FunctionDef) and node.name == name:
            returned = (part for part in ast.walk(node) if isinstance(part, ast.Return))
            yield from (prefix + text for part in returned for text in literals(part))


def raised_in(module: Module) -> Iterator[Raised]:
    for function in functions(module) if "KfdeskError(" in module.text else ():
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and said(node.func) == "KfdeskError":
                data = frozenset(word.arg for word in node.keywords if word.arg)
                yield from (Raised(code, data) for code in codes_of(node.args[0], function))


@pytest.fixture(scope="module")
def raised() -> frozenset[Raised]:
    return frozenset(found for module in modules(TREE) for found in raised_in(module))


def test_every_code_that_is_raised_has_its_message(raised: frozenset[Raised]) -> None:
    assert sorted({found.code for found in raised} - set(MESSAGES)) == []


def test_every_message_is_raised_somewhere(raised: frozenset[Raised]) -> None:
    assert sorted(set(MESSAGES) - {found.code for found in raised}) == []


def test_code_is_seen_however_it_is_raised() -> None:
    text = """
def f(is_busy, first):
    code = "a.three" if is_busy else "a.four"
    if is_busy:
        raise KfdeskError("a.one" if first else "a.two", field="leg.mode", **first.data)
    raise KfdeskError(code)


class A:
    def g(self, error, first):
        raise KfdeskError(error.code)
        return KfdeskError(f"paper.{first.code}")
"""
    found = {each.code: each.data for each in raised_in(Module("breach.py", text))}
    assert {"a.one", "a.two", "a.three", "a.four", "paper.missing", "paper.not_tested"} <= set(
        found
    )
    assert found["a.one"] == {"field"}


def test_code_that_nobody_can_read_is_refused() -> None:
    module = Module("breach.py", "def f(choose):\n    raise KfdeskError(choose())\n")
    with pytest.raises(AssertionError):
        list(raised_in(module))


def test_every_place_of_a_sentence_is_filled_where_it_is_raised(raised: frozenset[Raised]) -> None:
    empty = [
        (found.code, name)
        for found in raised
        for name in places(MESSAGES[found.code].sentence)
        if name not in found.data
    ]
    assert empty == []


def test_remedy_has_no_place_to_fill() -> None:
    assert [code for code, message in MESSAGES.items() if places(message.remedy)] == []


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_every_error_reads_as_two_whole_sentences(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    for name in MESSAGES:
        error = KfdeskError(name, **FILLED)
        for text in (error_sentence(error, words), error_remedy(error, words)):
            assert text.endswith("."), text
            assert text[0].isupper(), text
            assert not set("{}") & set(text)


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_error_is_translated(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    said = [text for message in MESSAGES.values() for text in (message.sentence, message.remedy)]
    assert [text for text in said if not words.knows(text)] == []


@pytest.mark.parametrize("code", TRANSLATED)
@pytest.mark.parametrize("name", LISTS)
def test_every_code_of_a_list_has_its_word(speaking: Speaking, code: str, name: str) -> None:
    words = speaking(code)
    has_own = {"A3", "A4", "A5", "A6"}  # the same in every language
    if code == "sv":
        has_own |= {"Taxi", "Status", "Angel Coalition"}  # the same in English and Swedish
    labels = set(LISTS[name].values()) - has_own
    assert sorted(label for label in labels if not words.knows(label)) == []


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("name", LISTS)
def test_no_two_codes_of_a_list_read_alike(speaking: Speaking, code: str, name: str) -> None:
    labels = [speaking(code).gettext(label) for label in LISTS[name].values()]
    assert len(set(labels)) == len(labels)


def test_lists_that_are_tested_are_those_that_there_are() -> None:
    assert {"PLAN_STATE", "CONSENT_PURPOSE", "CONSENT_SCOPE", "LEG_STATUS"} <= set(LISTS)


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_field_and_section_has_its_label(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    own = {
        "sv": {"Alias", "Form", "Organisation", "Person", "Region", "Status", "Version"},
        "ru": set[str](),
    }[code]
    fields = [field for described in RECORD_TYPES.values() for field in described.fields.values()]
    labels = {text for field in fields for text in (field.label, field.section.label, field.help)}
    assert sorted(text for text in labels - own if text and not words.knows(text)) == []


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_fields_of_a_record_read_differently(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    for kind, described in RECORD_TYPES.items():
        shown = (key for key, field in described.fields.items() if field.retired is None)
        labels = [field_label(f"{kind}.{key}", words) for key in shown]
        assert len(set(labels)) == len(labels), kind


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_every_country_and_language_has_a_name(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    assert [key for key in COUNTRIES if words.country(key) == key] == []
    assert [key for key in LANGUAGES if words.language(key) == key] == []


@pytest.mark.parametrize(
    ("code", "leaves"),
    [("sv", "Avgår (nr 2)"), ("en", "Departs (no. 2)"), ("ru", "Отправление (№ 2)")],
)
def test_field_of_a_leg_is_named_with_the_number_of_the_leg(
    speaking: Speaking, code: str, leaves: str
) -> None:
    words = speaking(code)
    assert field_label("leg.departs", words, 2) == leaves
    assert field_label("leg.departs", words) == leaves.split(" (")[0]
    error = KfdeskError("paper.missing", field="leg.departs", number=2)
    assert leaves in error_sentence(error, words)


@pytest.mark.parametrize(("code", "language"), [("sv", "ryska"), ("en", "Russian")])
def test_text_that_lacks_a_language_is_named_with_it(
    speaking: Speaking, code: str, language: str
) -> None:
    words = speaking(code)
    error = KfdeskError("paper.not_in_language", field="leg.sign", number=2, language="ru")
    label = field_label("leg.sign", words, 2)
    assert f"{label} · {language}." in error_sentence(error, words)


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
def test_finding_reads_like_the_error_it_would_be(speaking: Speaking, code: str) -> None:
    words = speaking(code)
    label = field_label("leg.arrives", words)
    error = KfdeskError("paper.before_the_one_above", field="leg.arrives")
    assert leak_finding_sentence("before_the_one_above", label, words) == error_sentence(
        error, words
    )


def test_sentence_does_not_show_data_that_it_has_no_place_for(speaking: Speaking) -> None:
    error = KfdeskError("bundle.torn", why="segment_hash")
    assert "segment" not in error_sentence(error, speaking("sv"))


@pytest.mark.parametrize("code", PROGRAM_LANGUAGES)
@pytest.mark.parametrize("purpose", ["legal_representation", "reflection_period_application"])
def test_missing_consent_for_a_letter_is_named_as_the_consent_is(
    speaking: Speaking, code: str, purpose: str
) -> None:
    words = speaking(code)
    said = error_sentence(KfdeskError("letter.no_consent", purpose=purpose), words)
    assert words.gettext(core.CONSENT_PURPOSE[purpose]) in said
