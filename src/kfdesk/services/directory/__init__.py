# SPDX-License-Identifier: GPL-3.0-or-later
"""The directory of organisations and contact persons."""
