# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that others have made: recognised by what is in them, made inert, and shown as pixels."""
