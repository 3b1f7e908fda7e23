# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see of the time after an arrival: contacts with her, what helps her, how it ends."""
