# SPDX-License-Identifier: GPL-3.0-or-later
"""The course of a plan: its steps and approvals, its consents, and the alarms on the way.

What may be written by no other way than through here is named in `guards.py`.
"""
