# SPDX-License-Identifier: GPL-3.0-or-later
"""The exchange of bundles with partners and our own laptops."""
