# SPDX-License-Identifier: GPL-3.0-or-later
"""What the papers of the cabinet share: band, watermark, foot, heads, tables, marks, signatures.

They speak the program's words in the reader's language. Which record stands on which paper is not
known here.
"""
