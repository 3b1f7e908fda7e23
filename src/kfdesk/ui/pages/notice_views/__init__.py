# SPDX-License-Identifier: GPL-3.0-or-later
"""Withdrawals on view: those that we tell partners of, and those that partners tell us of."""
