# SPDX-License-Identifier: GPL-3.0-or-later
"""The leak check: secrets and listed words that must not stand on a finished paper."""
