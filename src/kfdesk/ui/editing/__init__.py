# SPDX-License-Identifier: GPL-3.0-or-later
"""Editing records on a page: a form joined to its drafts, and lists of records of one type."""
