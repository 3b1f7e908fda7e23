# SPDX-License-Identifier: GPL-3.0-or-later
"""What papers there are, as values: which one is wanted, and what it says beside the records."""
