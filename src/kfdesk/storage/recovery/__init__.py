# SPDX-License-Identifier: GPL-3.0-or-later
"""Recovery of a damaged store: authentic pages, their rows, and a new store made of them."""
