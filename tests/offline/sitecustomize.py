# SPDX-License-Identifier: GPL-3.0-or-later
"""Refuses the network to the whole run of the tests, and lets a try at a passphrase cost little.

Both hold for this process and every Python it starts.

Python runs a module of this name by itself when its folder is on PYTHONPATH, which is how child
processes get it; `tests/conftest.py` runs the same file in the process of pytest. An audit hook
cannot be taken out again. It does not see what Qt does in C++, so the import of Qt's own network
modules is refused too. Sockets inside the machine (AF_UNIX) stay open to event loops.

The floor and the default of what a try costs are lowered where the module of the key slots is
loaded. The program knows no way to ask for that: it happens only where this folder is on the path.
`FULL_COST_KEYS=1`, which `make verify` sets, leaves them as they are.
"""

import os
import socket
import sys
from collections.abc import Callable, Sequence
from functools import partial
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = str(Path(__file__).resolve().parent)
LOOK_UPS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
SLOTS = "kfdesk.storage.key_slots"
LOW = 3, 2**20
NETWORK_MODULES = {"PySide6.QtNetwork", "PySide6.QtNetworkAuth", "PySide6.QtWebSockets"}


class NetworkRefusedError(Exception):
    """Something tried to reach the network, or to start a Python that could."""


def is_local(family: int) -> bool:
    """Say whether a socket of this family stays inside the machine."""
    return family == getattr(socket, "AF_UNIX", None)


def is_python(executable: Any) -> bool:
    """Say whether a program is a Python, or a script that was installed beside this one."""
    program = Path(os.fsdecode(executable))
    return program.name.startswith("python") or program.parent == Path(sys.executable).parent


def is_hooked(environment: Any) -> bool:
    """Say whether a child with this environment would run this file, None being our own."""
    paths = (os.environ if environment is None else environment).get("PYTHONPATH", "")
    return HERE in os.fsdecode(paths).split(os.pathsep)


def refuse_network(event: str, arguments: tuple[Any, ...]) -> None:
    """Raise NetworkRefusedError at each event that would lead out of the machine."""
    if event == "socket.__new__" and not is_local(arguments[1]):
        raise NetworkRefusedError("a test opened a socket")
    if event in LOOK_UPS:
        raise NetworkRefusedError("a test looked up a host")
    if event == "import" and arguments[0] in NETWORK_MODULES:
        raise NetworkRefusedError(f"{arguments[0]} opens sockets unseen")
    starts_python = event == "subprocess.Popen" and is_python(arguments[0])
    if starts_python and not is_hooked(arguments[3]):
        raise NetworkRefusedError("a child process must get PYTHONPATH: extend os.environ")


class LowCost:
    """Finds the module of the key slots alone, and lowers what it asks for once it is loaded."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        spec = PathFinder.find_spec(name, path, target) if name == SLOTS else None
        if spec is not None and spec.loader is not None:
            loader: Any = spec.loader
            loader.exec_module = partial(load, loader.exec_module)
        return spec


def load(exec_module: Callable[[ModuleType], None], module: ModuleType) -> None:
    """Load the module of the key slots; what the program asks for stays in it as `FULL`."""
    exec_module(module)
    names = vars(module)
    names["FULL"] = names["MIN_COST"], names["DEFAULT_COST"]
    names["MIN_COST"] = names["DEFAULT_COST"] = names["KdfCost"](*LOW)


sys.addaudithook(refuse_network)
if not os.environ.get("FULL_COST_KEYS"):
    sys.meta_path.insert(0, LowCost)
