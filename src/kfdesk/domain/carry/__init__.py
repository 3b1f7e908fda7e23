# SPDX-License-Identifier: GPL-3.0-or-later
"""The carry check: what must not stand on a paper that somebody carries over a border.

Pure matching of a finished page against listed words and a store's secret values. It can say that
it found nothing listed, never that a paper is safe.
"""
