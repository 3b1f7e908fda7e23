# SPDX-License-Identifier: GPL-3.0-or-later
"""The command line: its syntax, its commands, and secrets at a terminal."""
