# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms: an editor for each kind of value, and the form that puts them under their labels."""
