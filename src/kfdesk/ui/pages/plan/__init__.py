# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of one plan: its header, its navigation and its ten sections."""
