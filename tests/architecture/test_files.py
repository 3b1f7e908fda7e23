# SPDX-License-Identifier: GPL-3.0-or-later
"""What is kept in the tree: only the rooms there are, and nothing of the machine it was made on."""

import re
from pathlib import Path

from tests.architecture.tree import ROOT, files

ROOMS = {
    *(".ci", "benchmarks", "docs", "packaging", "resources", "src", "tests", "translations"),
    *(".editorconfig", ".github", ".gitlab-ci.yml", ".pre-commit-config.yaml", "LICENSES"),
    *(
        ".gitattributes",
        ".gitignore",
        "REUSE.toml",
        "CHANGELOG.md",
        "CODE_OF_CONDUCT.md",
        "CONTRIBUTING.md",
        "LICENSE",
        "Makefile",
    ),
    *("README.md", "SECURITY.md", "pyproject.toml", "requirements.lock"),
}
ROOMS_OF_TESTS = {
    *(
        "architecture",
        "contract",
        "desktop",
        "e2e",
        "fuzz",
        "golden",
        "gui",
        "integration",
        "offline",
    ),
    *("property", "support", "torture", "unit", "vectors", "conftest.py"),
    *("costly.txt", "durations.py", "releases.toml"),
}

# In pieces, so that this file does not trip over itself.
MACHINE = "|".join(("wo" + "rk", "tm" + "p", "ro" + "ot", "ho" + "me"))
MACHINE_PATH = re.compile(rf"(?<![\w.~}})\]-])/(?:{MACHINE})(?![\w.-])")
REGISTRIES = ("py" + "pi.org", "pythonhosted" + ".org", "npm" + "js.org", "deb.debian" + ".org")


def stray_rooms(root: Path) -> list[str]:
    """Names at the top, and in `tests`, that nobody prescribed."""
    found = set()
    for name in files(root):
        parts = name.split("/")
        if parts[0] not in ROOMS:
            found.add(parts[0])
        if parts[0] == "tests" and parts[1] not in ROOMS_OF_TESTS:
            found.add(f"tests/{parts[1]}")
    return sorted(found)


def text_of(path: Path) -> str:
    """Return the text of a file; an empty string for a binary file."""
    content = path.read_bytes()
    if b"\0" in content:
        return ""
    return content.decode("utf-8", errors="ignore")


def lines_that_tell(root: Path) -> list[str]:
    """Lines that name a folder of some machine, or the address of a registry."""
    found = []
    for name in files(root):
        for number, line in enumerate(text_of(root / name).splitlines(), start=1):
            if MACHINE_PATH.search(line) or any(address in line for address in REGISTRIES):
                found.append(f"{name}:{number}")
    return found


def test_tree_has_only_its_rooms() -> None:
    assert stray_rooms(ROOT) == []


def test_nothing_tells_of_the_machine_it_was_made_on() -> None:
    assert lines_that_tell(ROOT) == []


def test_stray_room_is_seen(copy: Path) -> None:
    (copy / "scratch").mkdir()
    (copy / "scratch" / "notes.txt").touch()
    (copy / "tests" / "misc").mkdir(parents=True)
    (copy / "tests" / "misc" / "test_x.py").touch()
    assert stray_rooms(copy) == ["scratch", "tests/misc"]


def test_machine_and_registry_are_seen(copy: Path) -> None:
    folder = "/" + "ho" + "me"
    lines = [f'x = "{folder}/somebody"', f"see {folder}", f"https://{REGISTRIES[0]}/simple"]
    lines += [f"resources{folder}", f"{folder}ly", f"icons{folder}.svg", f"~{folder}"]
    (copy / "src" / "breach.txt").write_text("\n".join(lines), encoding="utf-8")
    assert lines_that_tell(copy) == ["src/breach.txt:1", "src/breach.txt:2", "src/breach.txt:3"]
