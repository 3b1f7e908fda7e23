# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding a contact: the list, read a page at a time, and by what it is narrowed."""
