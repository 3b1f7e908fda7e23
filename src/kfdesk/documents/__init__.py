# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers to print. The only room that knows reportlab and pypdfium2."""
