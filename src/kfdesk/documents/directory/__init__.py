# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers made of the directory: a list by country, and cards to cut out."""
