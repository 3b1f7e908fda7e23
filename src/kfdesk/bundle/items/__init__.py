# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the segments of an exchange file: one module for each kind of item."""
