# SPDX-License-Identifier: GPL-3.0-or-later
"""Each module describes one kind of record, a field a line; `registry.py` lists them."""
