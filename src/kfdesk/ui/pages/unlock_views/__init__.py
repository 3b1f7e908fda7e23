# SPDX-License-Identifier: GPL-3.0-or-later
"""What the door asks before it opens."""
