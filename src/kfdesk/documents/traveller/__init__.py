# SPDX-License-Identifier: GPL-3.0-or-later
"""The traveller's sheet: what stands on it, its sentences, its parts, and the page.

Its sentences are a catalogue of their own (`traveller.po`), so that it can speak more languages
than the program does.
"""
