# SPDX-License-Identifier: GPL-3.0-or-later
"""What people intend after an arrival: keep in touch, help her on, end well, keep no longer."""
