# SPDX-License-Identifier: GPL-3.0-or-later
"""What can still be read in a damaged store, page by page, brought into a new one."""
