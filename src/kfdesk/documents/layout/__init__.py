# SPDX-License-Identifier: GPL-3.0-or-later
"""Layout: items on a page, text that fits, blocks, tables and the PDF canvas."""
