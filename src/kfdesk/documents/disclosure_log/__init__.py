# SPDX-License-Identifier: GPL-3.0-or-later
"""The disclosure log, hers to read and keep: who got what about her, when, why and how."""
