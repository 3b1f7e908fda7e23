# SPDX-License-Identifier: GPL-3.0-or-later
"""Likelihood and severity: what a rating comes to, and the worse of two sides.

A package of its own, because gates, the page and the file copy must all count alike.
"""
