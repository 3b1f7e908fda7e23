# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Contacts: search, read, edit, merge, import and export the directory."""
