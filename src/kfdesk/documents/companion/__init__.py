# SPDX-License-Identifier: GPL-3.0-or-later
"""The companion's sheet: what stands on it, its sentences, its rows, and the pages.

On paper the escort is a companion. It says when, where, who and whom to call, and never why.
Its sentences stand in the program's catalogue; what it shares with the traveller's sheet, such
as vehicles and clocks, in the traveller's.
"""
