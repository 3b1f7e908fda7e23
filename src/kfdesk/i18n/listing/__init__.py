# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing: what lists of contacts need of languages, names of countries, numbers and sentences."""
