# SPDX-License-Identifier: GPL-3.0-or-later
"""The exchange file, as FORMAT.md describes it. Knows nothing of the store or the window."""
