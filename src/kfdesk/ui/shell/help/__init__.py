# SPDX-License-Identifier: GPL-3.0-or-later
"""Help that is read in the program, without the internet: a manual in chapters, one for each page.

The chapters are texts under `resources/help`; nothing of a store is ever said here.
"""
