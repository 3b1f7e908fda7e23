# SPDX-License-Identifier: GPL-3.0-or-later
"""The window: pages, forms, widgets and the shell around them, in Qt."""
