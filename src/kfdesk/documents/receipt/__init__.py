# SPDX-License-Identifier: GPL-3.0-or-later
"""The arrival receipt: two first names, when, what kind of place, and the things; no history.

It goes with who travels and is signed at the far end; what is not known yet is a line to write on.
"""
