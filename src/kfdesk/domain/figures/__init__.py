# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures about clients that nobody can take apart; pure, without store and language."""
