# SPDX-License-Identifier: GPL-3.0-or-later
"""The place Book: read, write, translate and merge articles, and take over a book."""
