# SPDX-License-Identifier: GPL-3.0-or-later
"""Gathers the messages of the source and brings the catalogues up to them: `make translations`.

A template (`translations/*.pot`) depends on nothing but the source, so it shows no date, no line
number and no machine, and a second run changes nothing. A translation keeps the day on which a
translator's editor has last saved it; a new one has the day on which it was begun. There is no
guessing: a message that changed loses its translation and must be translated anew. It knows nothing
of what they say.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = "src/kfdesk"

PROGRAM = "kfdesk"
CLIENT = "client"
DOMAINS = (PROGRAM, CLIENT)
PRONOUNS = "pronouns"
"""The catalogue of texts about a man, or a client of unknown gender; a person writes it."""
LANGUAGES = ("ru", "sv")
"""Those that the program speaks beside the source's own, English, which needs no catalogue."""
SOURCE_LANGUAGE = "en"
ABOUT = {
    PROGRAM: "What the program says.",
    CLIENT: "What the client reads.",
    PRONOUNS: "What is said of a man (he), and of a client whose sex is not known (client).",
    "manual": "What the manual says; `manual_texts.py` keeps it.",
}

PLURAL_RULES = {
    "lv": "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0"
    " : n%10==0 || (n%100>=11 && n%100<=19) ? 2 : 1);"
}
"""Rules of CLDR where Babel has an older one."""

CLIENT_PAPERS = (
    "src/kfdesk/documents/traveller/*.py",
    "src/kfdesk/documents/escort/*.py",
    "src/kfdesk/documents/receipt.py",
    "src/kfdesk/documents/consent_form.py",
    "src/kfdesk/documents/support_plan.py",
    "src/kfdesk/documents/disclosure_log.py",
)
SPOKEN_BY_BOTH = "src/kfdesk/i18n/language.py"

SHARED = "for_client"
KEYWORDS = {
    "N_": None,
    SHARED: None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "plural": (1, 2),
    "filled": None,
}
NOTE = ("Translators:",)
REPORTS = ".github/ISSUE_TEMPLATE/words.yml"
"""The form by which a translator tells of a wrong message; there is no address to write to."""
_MOMENT = "%Y-%m-%d %H:%M%z"
WIDTH = 100
_NAMES = 2  # that a hint gives

Key = tuple[str, str]
Found = tuple[int, str | tuple[str, ...], list[str], str | None]


def sources(root: Path, domain: str) -> list[Path]:
    """Return the files, below `root`, whose messages belong to `domain`; in order.

    What a Language says of itself, such as a span of time, is said by both. The client's papers
    come first among her own; of every other file she reads what is marked for her.
    """
    names = sorted(path.relative_to(root) for path in (root / SOURCES).rglob("*.py"))
    hers = [name for name in names if any(map(name.match, CLIENT_PAPERS))]
    others = [name for name in names if name not in hers]
    return [*hers, *others] if domain == CLIENT else others


def keywords(name: Path, domain: str) -> tuple[str, ...]:
    """Return the marks that count in a file for `domain`."""
    is_whole = domain == PROGRAM or any(map(name.match, (*CLIENT_PAPERS, SPOKEN_BY_BOTH)))
    return tuple(KEYWORDS) if is_whole else (SHARED,)


def extracted(root: Path, domain: str, *, has_hints: bool = False) -> Catalog:
    """Return the template of `domain`: its messages in the order of the source.

    `has_hints` adds to each message of one word where it stands in the program.
    """
    template = Catalog(project=PROGRAM, charset="utf-8")
    for name in sources(root, domain):
        source, marks = (root / name).read_bytes(), keywords(name, domain)
        told = hints(source) if has_hints else {}
        for line, message, comments, context in found(source, marks):
            hint = told.get(message) if isinstance(message, str) else None
            template.add(
                message,
                locations=[(name.as_posix(), line)],
                auto_comments=[*comments, hint] if hint else comments,
                context=context,
            )
    return template


@cache
def hints(source: bytes) -> dict[str, str]:
    """Return what a translator is told of each message of one word: what in the source holds it.

    That is the field of a record, the code, the kind of control, or the name of a constant; else
    the function that says it.
    """
    told: dict[str, str] = {}
    holders: list[tuple[ast.AST, str, str]] = [(ast.parse(source), "", "")]
    while holders:
        node, where, function = holders.pop()
        if isinstance(node, ast.FunctionDef):
            function = node.name
        if isinstance(node, ast.Call) and _called(node) in KEYWORDS:
            for word in node.args:
                if isinstance(word, ast.Constant) and " " not in str(word.value):
                    told[str(word.value)] = where or function
        is_said = isinstance(node, ast.AnnAssign) and bool(where)  # its class names it already
        for child in ast.iter_child_nodes(node):
            inner = "" if is_said else _place_in(node, child)
            holders.append((child, _joined(where, inner), function))
    return {word: f"It stands in: {where}" for word, where in told.items() if where}


def _joined(outer: str, inner: str) -> str:
    """Return the last two names of a place: a class and what holds the word in it."""
    return ", ".join([*filter(None, outer.split(", ")), *filter(None, [inner])][-_NAMES:])


def _place_in(node: ast.AST, child: ast.AST) -> str:
    """Return the name by which `node` holds `child`, or an empty string."""
    if isinstance(node, ast.ClassDef):
        field = child.target if isinstance(child, ast.AnnAssign) else None
        return f"{node.name}.{field.id}" if isinstance(field, ast.Name) else node.name
    if isinstance(node, ast.Dict):
        held = [key for key, value in zip(node.keys, node.values, strict=True) if value is child]
        return ast.unparse(held[0]).strip("'") if held and held[0] is not None else ""
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        return ast.unparse(target) if isinstance(target, ast.Name | ast.Tuple) else ""
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    if isinstance(node, ast.Call) and child is not node.func and _called(node) not in KEYWORDS:
        return _called(node)
    return ""


def _called(node: ast.Call) -> str:
    """Return the last name of what is called."""
    return ast.unparse(node.func).rpartition(".")[2]


@cache
def found(source: bytes, marks: tuple[str, ...]) -> tuple[Found, ...]:
    """Return what a file marks; most files say the same in every copy of the tree."""
    wanted = {mark: KEYWORDS[mark] for mark in marks}
    return tuple(extract("python", BytesIO(source), wanted, NOTE, strip_comment_tags=True))


def key_of(message: Message) -> Key:
    """Return the context and the singular of a message, which together name it."""
    return message.context or "", message.id if isinstance(message.id, str) else message.id[0]


def keys(catalogue: Catalog) -> list[Key]:
    """Return the names of the messages, in order and without the header."""
    return [key_of(message) for message in catalogue if message.id]


def spoken(message: Message) -> tuple[str, ...]:
    """Return the forms of the translation."""
    said = message.string or ""
    return (said,) if isinstance(said, str) else tuple(said)


def untranslated(catalogue: Catalog) -> list[Key]:
    """Return the messages that lack a form or are only guessed."""
    bare = (m for m in catalogue if m.id and (m.fuzzy or not all(spoken(m))))
    return [key_of(message) for message in bare]


def header(domain: str, language: str | None, revised: datetime | None = None) -> Iterator[str]:
    """Yield the lines above the first message: nothing in them changes from day to day.

    `revised` is the moment at which a translation was last saved; without one it begins now.
    """
    name = str(Locale.parse(language).english_name) if language else "Template"
    # REUSE-IgnoreStart
    yield "# SPDX-License-Identifier: GPL-3.0-or-later"
    # REUSE-IgnoreEnd
    yield f"# {ABOUT[domain]} {name}."
    yield 'msgid ""'
    yield 'msgstr ""'
    yield rf'"Project-Id-Version: {PROGRAM}\n"'
    yield rf'"Report-Msgid-Bugs-To: {REPORTS}\n"'
    if language:
        yield rf'"PO-Revision-Date: {(revised or datetime.now(UTC)).strftime(_MOMENT)}\n"'
        yield rf'"Last-Translator: {PROGRAM}\n"'
        yield rf'"Language-Team: {name}\n"'
        yield rf'"Language: {language}\n"'
    yield r'"MIME-Version: 1.0\n"'
    yield r'"Content-Type: text/plain; charset=UTF-8\n"'
    yield r'"Content-Transfer-Encoding: 8bit\n"'
    if language:
        rule = PLURAL_RULES.get(language) or Catalog(locale=language).plural_forms
        yield rf'"Plural-Forms: {rule}\n"'
    yield ""


def written(catalogue: Catalog, domain: str) -> str:
    """Return the text of a template or a translation, as it stands in its file."""
    stream = BytesIO()
    write_po(
        stream,
        catalogue,
        width=WIDTH,
        omit_header=True,
        include_lineno=False,
        ignore_obsolete=True,
    )
    language, revised = catalogue.locale_identifier, catalogue.revision_date
    messages = stream.getvalue().decode("utf-8").strip()
    moment = revised if isinstance(revised, datetime) else None  # a new one has a place to fill
    return "\n".join((*header(domain, language, moment), messages, ""))


def read_language(source: Path, language: str) -> Catalog:
    """Read a translation, or begin one where there is none."""
    if not source.is_file():
        return Catalog(locale=language, charset="utf-8")
    with source.open("rb") as stream:
        return read_po(stream, locale=language)


def updated(source: Path, language: str, template: Catalog) -> Catalog:
    """Return the translation in `source` with the messages of `template`, and no others.

    English says what the source says, unless the catalogue has other words for it: the source
    speaks about the client, and her papers speak to her.
    """
    catalogue = read_language(source, language)
    # A copy: the catalogue keeps the template's own messages, and languages must not share them.
    catalogue.update(deepcopy(template), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    if language == SOURCE_LANGUAGE:
        for message in (one for one in catalogue if one.id and not all(spoken(one))):
            message.string = message.id
    return catalogue


def place(root: Path, language: str, domain: str) -> Path:
    """Return where a translation stands."""
    return root / "translations" / language / "LC_MESSAGES" / f"{domain}.po"


def begun(root: Path, domain: str) -> list[str]:
    """Return the languages of which there is a catalogue of `domain`, whole or not."""
    found = root.glob(f"translations/*/*/{domain}.po")
    return sorted(path.parent.parent.name for path in found)


def contents(root: Path, new: Iterable[str] = ()) -> dict[Path, str]:
    """Return every file that follows from the source, with its text.

    `new` languages are begun: `et` for the window, `client/et` for the client's papers alone.
    """
    files, wanted = {}, [("/" + name).split("/")[-2:] for name in new]
    for domain in DOMAINS:
        hinted, plain = extracted(root, domain, has_hints=True), extracted(root, domain)
        files[root / "translations" / f"{domain}.pot"] = written(hinted, domain)
        named = [code for of, code in wanted if (of or PROGRAM) == domain]
        for language in dict.fromkeys((*LANGUAGES, *begun(root, domain), *named)):
            # a whole catalogue needs no hints any more
            template = plain if domain == CLIENT or language in LANGUAGES else hinted
            source = place(root, language, domain)
            files[source] = written(updated(source, language, template), domain)
    messages = [key for domain in DOMAINS for key in keys(extracted(root, domain))]
    for language in begun(root, PRONOUNS):
        source = place(root, language, PRONOUNS)
        files[source] = written(still_said(source, language, messages), PRONOUNS)
    return files


def still_said(source: Path, language: str, messages: Iterable[Key]) -> Catalog:
    """Return the catalogue of pronouns in `source`, without messages that nobody says any more.

    Its contexts are a pronoun, or a pronoun, a bar and the context of the message.
    """
    catalogue, known = read_language(source, language), frozenset(messages)
    for message in list(catalogue):
        context, text = key_of(message)
        if message.id and (context.partition("|")[2], text) not in known:
            catalogue.delete(message.id, message.context)
    return catalogue


def complaints(root: Path) -> Iterator[str]:
    """Yield what only a person can bring up to the source."""
    for domain, languages in ((PROGRAM, LANGUAGES), (CLIENT, begun(root, CLIENT))):
        for language in languages:
            bare = untranslated(read_language(place(root, language, domain), language))
            yield from (f"{language}: not translated {key[1]!r}" for key in bare)


def save(files: Iterable[tuple[Path, str]]) -> list[Path]:
    """Write the files whose text changed; return them."""
    changed = []
    for path, text in files:
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
            changed.append(path)
    return changed


def main(new: Iterable[str] = ()) -> None:
    """Bring the catalogues of the tree up to the source, and say where a person must help.

    A language that is named, such as `et` or `client/et`, is begun: a catalogue with every message
    and no word.
    """
    save(contents(ROOT, new).items())
    for complaint in complaints(ROOT):
        print(complaint, file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
