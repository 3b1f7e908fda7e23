# SPDX-License-Identifier: GPL-3.0-or-later
"""What stands in the preview of a contact, below its name."""
