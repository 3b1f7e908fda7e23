# SPDX-License-Identifier: GPL-3.0-or-later
"""How a record is written: saved, kept as a draft, and taken back."""
