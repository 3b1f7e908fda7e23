# SPDX-License-Identifier: GPL-3.0-or-later
"""The file copy: the whole plan on paper, for another office."""
