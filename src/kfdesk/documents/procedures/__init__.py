# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers of procedures and of the cooperation in a plan."""
