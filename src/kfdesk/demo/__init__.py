# SPDX-License-Identifier: GPL-3.0-or-later
"""A story with invented people, played on real stores: what the program does, before your eyes.

It calls the program as a person or a script would and knows no adapter.
"""
