# SPDX-License-Identifier: GPL-3.0-or-later
"""Finding: what somebody looks for by typing a few letters, gathered and then matched."""
