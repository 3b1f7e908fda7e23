# SPDX-License-Identifier: GPL-3.0-or-later
"""The widgets of this program; none knows a record, a service or a page."""
