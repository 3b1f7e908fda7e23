# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules of the time after an arrival: when contact is proposed, due and over, and how she fares."""
