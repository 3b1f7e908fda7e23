# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said alike on the screen and on papers: a record's values, and a consent's sentences."""
