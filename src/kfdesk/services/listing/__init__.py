# SPDX-License-Identifier: GPL-3.0-or-later
"""Listing: other people's lists of contacts, looked at, taken over, and given away."""
