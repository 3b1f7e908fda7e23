# SPDX-License-Identifier: GPL-3.0-or-later
"""Services about figures: who is counted, releases of safe tables, estimates and publications."""
