# SPDX-License-Identifier: GPL-3.0-or-later
"""The day of travel: what happens to a leg is written down here, and alarms stand on top."""
