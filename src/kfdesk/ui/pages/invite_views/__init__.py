# SPDX-License-Identifier: GPL-3.0-or-later
"""Meeting a new desk: the folder that invites it, and what the one who joins does with it."""
