# SPDX-License-Identifier: GPL-3.0-or-later
"""kfdesk keeps the plans and contacts of people who must be safe.

Rooms and the direction of calls stand in CONTRIBUTING.md.
"""
