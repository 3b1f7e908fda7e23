# SPDX-License-Identifier: GPL-3.0-or-later
"""A file before it is made: what leaves, by which consents, and what must be looked at first."""
