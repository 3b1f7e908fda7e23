# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in Settings beside language and colours: who opens this notebook, and by what."""
