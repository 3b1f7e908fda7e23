# SPDX-License-Identifier: GPL-3.0-or-later
"""Code lists that grew out of one module: those of a case, and the standard's own."""
