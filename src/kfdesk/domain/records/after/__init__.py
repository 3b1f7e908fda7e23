# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of the time after an arrival, and of what helps her on: all children of the plan."""
