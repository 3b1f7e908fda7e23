# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of the directory beside organisations and people."""
