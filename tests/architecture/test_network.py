# SPDX-License-Identifier: GPL-3.0-or-later
"""No test reaches the network, nor does a Python that a test starts.

The guard itself is `tests/offline/sitecustomize.py`; here it is seen to refuse.
"""

import os
import socket
import subprocess
import sys

import pytest

OPEN_SOCKET = "import socket; socket.socket(socket.AF_INET)"
CONNECT = "import socket; socket.create_connection(('127.0.0.1', 9))"
IMPORT_QT = "from PySide6 import QtNetwork"


def said_by(code: str) -> str:
    """Return the last error line of a child Python that runs `code`, or an empty string."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return (done.stderr.splitlines() or [""])[-1]


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_socket_is_refused(family: socket.AddressFamily) -> None:
    with pytest.raises(Exception, match="opened a socket"):
        socket.socket(family)


def test_look_up_of_a_host_is_refused() -> None:
    with pytest.raises(Exception, match="looked up a host"):
        socket.getaddrinfo("localhost", 9)


def test_socket_inside_the_machine_is_allowed() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(b"x")
        assert theirs.recv(1) == b"x"


def test_network_module_of_qt_cannot_be_imported() -> None:
    with pytest.raises(Exception, match="opens sockets unseen"):
        __import__("PySide6.QtNetwork")


@pytest.mark.parametrize("code", [OPEN_SOCKET, CONNECT, IMPORT_QT])
def test_child_is_refused_too(code: str) -> None:
    assert said_by(code).startswith("sitecustomize.NetworkRefusedError")


def test_grandchild_is_refused_too() -> None:
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {OPEN_SOCKET!r}])"
    assert said_by(code).startswith("sitecustomize.NetworkRefusedError")


def test_python_that_would_be_free_is_not_started() -> None:
    bare = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}
    with pytest.raises(Exception, match="must get PYTHONPATH"):
        subprocess.run([sys.executable, "-c", OPEN_SOCKET], env=bare, check=False)
