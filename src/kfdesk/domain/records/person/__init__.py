# SPDX-License-Identifier: GPL-3.0-or-later
"""Records about the people of a case beside the client herself."""
