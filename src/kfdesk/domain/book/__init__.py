# SPDX-License-Identifier: GPL-3.0-or-later
"""The resource book: paragraphs, blocks, the order of articles, and articles as files."""
