# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers: what each may contain, the carry check, and their production."""
