# SPDX-License-Identifier: GPL-3.0-or-later
"""The shell: the window, its bars, menus, overlays and the session view."""
