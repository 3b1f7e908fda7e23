# SPDX-License-Identifier: GPL-3.0-or-later
"""The file copy: the whole plan on paper, for the cabinet alone.

Each page's parts are a module of their own; `made.py` puts them in order. It is drawn of what was
disclosed, so neither code word nor alarm plan can come here.
"""
