# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be done with a partner beside sending: pausing it, ending it, telling it something."""
