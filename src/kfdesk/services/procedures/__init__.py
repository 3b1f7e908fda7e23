# SPDX-License-Identifier: GPL-3.0-or-later
"""Services about procedures, their runs in plans, and the deadlines of those."""
