# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables: CSV and XLSX, with columns that programs name in many ways."""
