# SPDX-License-Identifier: GPL-3.0-or-later
"""The record types: what the store keeps about a case, one described field per line."""
