# SPDX-License-Identifier: GPL-3.0-or-later
"""The encrypted store. The only room that knows sqlcipher3."""
