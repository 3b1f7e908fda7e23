# SPDX-License-Identifier: GPL-3.0-or-later
"""What is not one's own: others' plans, opening one with a reason, pages that one's roles lack."""
