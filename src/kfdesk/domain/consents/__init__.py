# SPDX-License-Identifier: GPL-3.0-or-later
"""What a consent is worth, apart from what it opens; see `disclosure.py` for that."""
