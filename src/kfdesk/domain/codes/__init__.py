# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists: the allowed values of coded fields, with their labels."""
