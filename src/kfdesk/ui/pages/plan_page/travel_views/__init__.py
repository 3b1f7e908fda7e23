# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the section Travel: its legs, what they say, and what is prepared beside them."""
