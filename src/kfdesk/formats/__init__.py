# SPDX-License-Identifier: GPL-3.0-or-later
"""Other people's files: contacts as vCard, CSV, XLSX and HSDS, read and written.

Whatever is in such a file is somebody else's: it is bounded before it is opened, and one broken
entry costs no other. Knows no store and no record's history; services hand it bytes.
"""
