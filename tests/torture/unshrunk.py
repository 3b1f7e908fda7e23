# SPDX-License-Identifier: GPL-3.0-or-later
"""For a run of other tests (`-p`) on what is wrong on purpose: it ends with the first failure.

A control has to be caught and no more. To look for its smallest example took ten times as long as
to catch it. Loaded before the tests, whose own settings take the rest from these.
"""

from hypothesis import Phase, settings

settings.register_profile("unshrunk", phases=(Phase.explicit, Phase.generate), database=None)
settings.load_profile("unshrunk")
