# SPDX-License-Identifier: GPL-3.0-or-later
"""What editors are made of: lines, growing areas, lists that typing filters, answers given."""
