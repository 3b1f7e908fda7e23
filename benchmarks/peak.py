# SPDX-License-Identifier: GPL-3.0-or-later
"""`python -m benchmarks.peak make|take FOLDER FILE`: by how many MiB one job outgrows its process.

A process of its own, on Linux, so that nothing of what was measured before is in it. FOLDER is a
desk's store; for `make`, FILE is a text with the ids of plan and partner, and files go beside it.
"""

import subprocess
import sys
from pathlib import Path

from benchmarks.desks import MACHINE, WHO
from kfdesk import store_lifecycle
from kfdesk.services.exchange import transfer


def grown(job: str, folder: Path, file: Path) -> float:
    """Return the MiB that one job needs in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.peak", job, str(folder), str(file)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return float(done.stdout)


def memory(line: str) -> float:
    """Memory of this process in MiB: what it has (VmRSS), or the most it had (VmHWM)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(each.split()[1]) / 1024 for each in lines if each.startswith(line))


def main() -> None:
    """Do the job that the arguments name, and print what it took."""
    job, folder, file = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    desk = store_lifecycle.unlock_store(folder, WHO, MACHINE)
    Path("/proc/self/clear_refs").write_text("5")  # the key derivation has taken more than a job
    before = memory("VmRSS")
    if job == "make":
        plan, partner = map(bytes.fromhex, file.read_text().split())
        transfer.send_bundle(desk, plan, partner, file.parent).path.unlink()
    else:
        transfer.import_bundle(desk, file, transfer.review_bundle(desk, file))
    print(memory("VmHWM") - before)
    desk.store.close()


if __name__ == "__main__":
    main()
