# SPDX-License-Identifier: GPL-3.0-or-later
"""Who may do what with which plan: the roles' rights, as every service asks for them."""
