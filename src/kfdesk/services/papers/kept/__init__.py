# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers that stay at the desk or in its cabinet: whom each is for, what it is made of."""
