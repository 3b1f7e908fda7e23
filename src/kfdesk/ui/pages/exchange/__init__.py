# SPDX-License-Identifier: GPL-3.0-or-later
"""The page Exchange: partners, sending, the inbox, review, verification and notices."""
