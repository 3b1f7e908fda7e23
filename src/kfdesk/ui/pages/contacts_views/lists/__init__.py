# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists from other programs: the parts of the page that shows one before it is taken over."""
