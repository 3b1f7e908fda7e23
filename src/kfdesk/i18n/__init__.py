# SPDX-License-Identifier: GPL-3.0-or-later
"""Languages: catalogues, formats of CLDR, and the fixed texts of the program."""
