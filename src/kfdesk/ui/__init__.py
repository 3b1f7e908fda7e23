# SPDX-License-Identifier: GPL-3.0-or-later
"""What people see. The only room that knows PySide6; it calls services and nothing below them."""
