# SPDX-License-Identifier: GPL-3.0-or-later
"""What lies over the pages for a while: the sheet of keys, about the program, grave faults."""
