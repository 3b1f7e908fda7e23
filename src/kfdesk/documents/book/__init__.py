# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers of the resource book: the book, a leaflet, cards and a poster."""
