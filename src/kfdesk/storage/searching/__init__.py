# SPDX-License-Identifier: GPL-3.0-or-later
"""Searching: the index of the directory, inside the encrypted store like everything else."""
