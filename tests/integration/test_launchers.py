# SPDX-License-Identifier: GPL-3.0-or-later
"""Nothing is imported from the current folder or by PYTHONPATH, however the program is started.

Every launcher stands in a folder of modules that leave a mark when they are imported. Bare Python,
started there in the same way, imports one: so the folder would be noticed.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.samples import first
from tests.support.traps import OFFLINE, OURS, VERIFY, Trap

import bootstrap
from kfdesk.demo import story
from kits import SCRIPTS, write_sums
from steps import ROOT

HEAD = f"""
import sys
sys.path.insert(0, {OURS!r})
"""
AGAIN = """
from kfdesk.system import process
if not process.take_passed_state():
    process.restart({"why": "key"})
import json, sqlcipher3
print("again")
"""
ANOTHER = """
from kfdesk.system import process
if sys.argv[1:] != ["second"]:
    process.start_another(["second"])
else:
    import json, sqlcipher3
    print("again")
"""


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Trap]:
    made = Trap(tmp_path)
    yield made
    assert made.sprung == []


def test_folder_would_be_noticed(tmp_path: Path) -> None:
    bare = Trap(tmp_path)
    bare.run(sys.executable, "-c", "import babel", path=OURS)
    assert bare.sprung == ["babel"]
    bare.mark.unlink()
    bare.run(sys.executable, "-m", "kfdesk", *VERIFY, path=OURS)
    assert bare.sprung != []


def test_launcher_of_the_environment(trap: Trap, tmp_path: Path) -> None:
    launcher = tmp_path / "kfdesk"
    shutil.copy(Path(sys.executable).with_name("kfdesk"), launcher)
    bootstrap.isolate(launcher)
    once = launcher.read_text(encoding="utf-8")
    bootstrap.isolate(launcher)
    assert launcher.read_text(encoding="utf-8") == once
    assert "store.missing" in trap.run(str(launcher), *VERIFY).stderr


@pytest.mark.parametrize("head", ["#!/p/bin/python", "#!/bin/sh\n'''exec' /p/bin/python"])
def test_launcher_is_isolated_once_in_both_forms(tmp_path: Path, head: str) -> None:
    tail = " \"$0\" \"$@\"\n' '''\nimport sys\n" if "exec" in head else "\nimport sys\n"
    launcher = tmp_path / "kfdesk"
    launcher.write_text(head + tail, encoding="utf-8")
    for _ in range(2):
        bootstrap.isolate(launcher)
        assert launcher.read_text(encoding="utf-8") == f"{head} -PEs{tail}"


def test_launcher_of_a_kit(trap: Trap, tmp_path: Path) -> None:
    kit, stub = tmp_path / "kit", tmp_path / "python"
    (kit / "program" / "src").mkdir(parents=True)
    (kit / "program" / "src" / "kfdesk").symlink_to(ROOT / "src" / "kfdesk")
    for name in ("resources", "translations"):
        (kit / "program" / name).symlink_to(ROOT / name)
    shutil.copy(SCRIPTS / "install.sh", kit)
    write_sums(kit)
    stub.write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
    stub.chmod(0o755)
    into = tmp_path / "home" / "program"
    done = trap.run("sh", str(kit / "install.sh"), str(into), PYTHON=str(stub))
    assert done.returncode == 0, done.stderr
    said = trap.run(str(into / "notebook"), *VERIFY, PYTHON=sys.executable)
    assert "store.missing" in said.stderr


def test_installer_of_a_kit(trap: Trap, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$*" in *version_info*) "{sys.executable}" "$@"; exit 0 ;; esac\n'
        f'exec "{sys.executable}" "$@"\n',
        encoding="utf-8",
    )
    python.chmod(0o755)
    done = trap.run("sh", str(SCRIPTS / "install.sh"), str(tmp_path / "to"), PYTHON=str(python))
    assert done.returncode == 1


@pytest.mark.parametrize(
    "command", first(1, [["-P", "-m", "kfdesk"], ["-P", "{entry}"], ["-P", "-E", "-s", "{entry}"]])
)
def test_program_as_a_module_and_by_its_path(trap: Trap, command: list[str]) -> None:
    entry = str(ROOT / "src" / "kfdesk" / "__main__.py")
    ways = [word.format(entry=entry) for word in command]
    own = None if "-E" in command else OURS
    assert "store.missing" in trap.run(sys.executable, *ways, *VERIFY, path=own).stderr


@pytest.mark.parametrize("ways", first(1, [["-m", "kfdesk"], ["{entry}"]]))
def test_program_that_is_started_without_care_looks_elsewhere_from_its_first_line(
    trap: Trap, ways: list[str]
) -> None:
    for name in ("kfdesk", "runpy", "usercustomize", "encodings", "pathlib"):
        (trap.folder / f"{name}.py").unlink()  # imported before our first line
    entry = str(ROOT / "src" / "kfdesk" / "__main__.py")
    command = [word.format(entry=entry) for word in ways]
    paths = os.pathsep.join((OURS, str(trap.folder)))
    assert "store.missing" in trap.run(sys.executable, *command, *VERIFY, path=paths).stderr


@pytest.mark.parametrize("script", [AGAIN, ANOTHER])
@pytest.mark.parametrize("options", [[], ["-P", "-E", "-s"]])
def test_process_that_the_program_starts(
    trap: Trap, tmp_path: Path, script: str, options: list[str]
) -> None:
    file = tmp_path / "start.py"
    file.write_text(HEAD + script, encoding="utf-8")
    path = None if options else OURS
    for start in ([str(file)], ["-c", HEAD + script]) if options else ([str(file)],):
        done = trap.run(sys.executable, *options, *start, path=path)
        assert done.stdout == "again\n", done.stderr


@pytest.mark.parametrize("is_isolated", first(1, [False, True]))
def test_partner_of_the_demo(
    trap: Trap, monkeypatch: pytest.MonkeyPatch, *, is_isolated: bool
) -> None:
    class Flags:
        ignore_environment = is_isolated

    monkeypatch.chdir(trap.folder)
    paths = (str(OFFLINE), str(trap.folder) if is_isolated else OURS)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    monkeypatch.setattr(sys, "flags", Flags)
    words = trap.mark.with_name("words")
    words.write_text("six words\n", encoding="utf-8")
    partner = story.PartnerStore(trap.mark.with_name("nowhere"), words)
    with pytest.raises(RuntimeError, match=r"store\.missing"):
        partner.run("verify")


def test_every_launcher_of_a_kit_says_so() -> None:
    def find(name: str) -> list[str]:
        return [
            line
            for line in (SCRIPTS / name).read_text(encoding="utf-8").splitlines()
            if ("python" in line.lower() or "py -3" in line or "pyw -3" in line)
            and (" -m " in line or " -c " in line or "__main__" in line)
        ]

    for script in ("install.sh", "install.ps1"):
        assert [line for line in find(script) if "-P -E -s" not in line] == []
        assert len(find(script)) >= 3
