# SPDX-License-Identifier: GPL-3.0-or-later
"""What people intend with a case: begin it, move it, agree on it, watch over it."""
