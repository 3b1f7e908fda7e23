# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet: its content, its stops and its three page formats."""
