# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Procedures: versions of procedures, their steps, and what changed between two."""
