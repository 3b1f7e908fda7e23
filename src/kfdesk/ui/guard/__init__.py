# SPDX-License-Identifier: GPL-3.0-or-later
"""What keeps a desk from the wrong eyes: when it locks, what is copied, what a screenshot shows.

It knows when and why, never what: no module here reads a record or holds a value of one longer
than the clipboard does.
"""
