# SPDX-License-Identifier: GPL-3.0-or-later
"""Language: catalogues, dates and numbers, and the sentences for errors."""
