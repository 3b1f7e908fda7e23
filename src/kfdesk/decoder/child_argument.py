# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument by which the program starts as a child that decodes.

Apart from the protocol, because each start of the window looks for it. Knows no task and no limit.
"""

ARGUMENT = "decode"
"""The first argument of the child; its second is the task. No person gives it."""
