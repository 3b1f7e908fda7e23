# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine: clock, folders, process and settings of this computer."""
