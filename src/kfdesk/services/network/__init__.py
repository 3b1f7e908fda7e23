# SPDX-License-Identifier: GPL-3.0-or-later
"""The network at work: meetings and decisions, agreements, projects, activities, and news."""
