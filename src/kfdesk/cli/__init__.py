# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: the same services as the window, for scripts and for use without a screen."""
