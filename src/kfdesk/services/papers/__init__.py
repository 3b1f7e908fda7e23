# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers: which there are, for whom each is, what keeps it back, and how it is made and counted.

What a paper contains is written in `documents`; who may have it, in `domain/disclosure.py`.
"""
