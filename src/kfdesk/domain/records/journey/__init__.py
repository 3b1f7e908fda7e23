# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of a journey beside its legs: documents and the handover."""
