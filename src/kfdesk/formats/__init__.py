# SPDX-License-Identifier: GPL-3.0-or-later
"""Contact files of other programs: vCard, CSV, XLSX and HSDS."""
