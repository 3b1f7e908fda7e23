# SPDX-License-Identifier: GPL-3.0-or-later
"""What a file holds, on its way out and on its way in, apart from whom it is believed."""
