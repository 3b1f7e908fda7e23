# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of one plan: its frame, its header, and a module for each section."""
