# SPDX-License-Identifier: GPL-3.0-or-later
"""Documents and pictures of a plan: how they are listed and looked at, inside the window alone."""
