# SPDX-License-Identifier: GPL-3.0-or-later
"""The note for the data protection authority: a form to fill in by hand, without any name."""
