# SPDX-License-Identifier: GPL-3.0-or-later
"""Who opens the store: people, their roles and passphrases."""
