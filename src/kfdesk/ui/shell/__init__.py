# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands round the pages: top bar, rail, cover, and the watch over keys and idleness."""
