# SPDX-License-Identifier: GPL-3.0-or-later
"""Decodes documents of others in a child process without keys, and doubts what it answers."""
