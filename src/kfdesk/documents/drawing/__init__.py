# SPDX-License-Identifier: GPL-3.0-or-later
"""How a paper comes onto a page: type sizes, items, icons and the canvas.

All papers share it, so that every letter of every paper passes the same checks. It knows no paper
and no sentence.
"""
