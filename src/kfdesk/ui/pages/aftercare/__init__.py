# SPDX-License-Identifier: GPL-3.0-or-later
"""The time after the arrival: goals, services and follow-up contacts."""
