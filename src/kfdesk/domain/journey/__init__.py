# SPDX-License-Identifier: GPL-3.0-or-later
"""The journey as it is planned and as it goes: what does not fit together, and what went wrong.

Pure; what these say blocks no saving. Gates are another thing: they hold the plan's steps.
"""
