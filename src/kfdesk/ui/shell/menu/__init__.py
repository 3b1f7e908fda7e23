# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands, and the menus that show them with their keys."""
