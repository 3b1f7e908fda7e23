# SPDX-License-Identifier: GPL-3.0-or-later
"""What people intend: one intention, one function, one transaction.

Services see the store, the bundle, the papers and the system only through `ports.py`.
"""
