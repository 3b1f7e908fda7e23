# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Figures: counts of this desk, estimates of others, and publications."""
