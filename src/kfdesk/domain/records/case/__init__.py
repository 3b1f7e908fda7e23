# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a case: law, risk, reception, decisions, and the desk's own notes."""
