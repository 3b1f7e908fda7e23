# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing: entries of the directory as they stand in somebody's file, before they are ours."""
