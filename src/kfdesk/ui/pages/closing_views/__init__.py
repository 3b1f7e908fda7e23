# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see of the end of a plan: how long it is kept, what holds it, erasing for good."""
