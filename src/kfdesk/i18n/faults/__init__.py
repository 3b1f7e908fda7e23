# SPDX-License-Identifier: GPL-3.0-or-later
"""The words of errors by what one was doing; `messages.py` beside it brings them together."""
