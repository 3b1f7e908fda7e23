# SPDX-License-Identifier: GPL-3.0-or-later
"""HSDS 3.0 (Open Referral): as JSON and as tables, with the older tables of its kind."""
