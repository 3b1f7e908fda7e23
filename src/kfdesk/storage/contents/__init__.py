# SPDX-License-Identifier: GPL-3.0-or-later
"""What records hold beside their fields: the contents of documents and pictures, in parts."""
