# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages: what stands in the window, written by hand from the widgets; they call services only."""
