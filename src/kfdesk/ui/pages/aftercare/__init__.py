# SPDX-License-Identifier: GPL-3.0-or-later
"""What follows the arrival: goals, services and follow-up contacts."""
