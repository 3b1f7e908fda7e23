# SPDX-License-Identifier: GPL-3.0-or-later
"""Quick find: the field in the top bar, and the list that opens under it."""
