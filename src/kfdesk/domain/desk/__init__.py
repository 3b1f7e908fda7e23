# SPDX-License-Identifier: GPL-3.0-or-later
"""What a desk knows beside its records: its partners, its log, and the release it runs."""
