# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers: every PDF, made of disclosed records only."""
