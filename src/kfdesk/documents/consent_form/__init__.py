# SPDX-License-Identifier: GPL-3.0-or-later
"""The consent form: one recipient and one purpose, in her language, to be signed by hand.

Its sentences are plain and kind, because she decides by them. It stays in the cabinet.
"""
