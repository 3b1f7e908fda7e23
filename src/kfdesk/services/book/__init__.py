# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource book: its articles, and the book as files."""
