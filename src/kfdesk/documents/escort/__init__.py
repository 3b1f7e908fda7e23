# SPDX-License-Identifier: GPL-3.0-or-later
"""The escort's sheet: its content and its layout."""
