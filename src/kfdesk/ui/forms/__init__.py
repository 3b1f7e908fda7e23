# SPDX-License-Identifier: GPL-3.0-or-later
"""Forms: an editor for each kind of field, and forms and lists that save records."""
