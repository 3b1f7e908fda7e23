# SPDX-License-Identifier: GPL-3.0-or-later
"""The papers that go along on the journey: for whom each is, and what keeps it back."""
