# SPDX-License-Identifier: GPL-3.0-or-later
"""Values and rules. The standard library only, and msgspec in `writes.py`."""
