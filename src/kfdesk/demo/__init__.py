# SPDX-License-Identifier: GPL-3.0-or-later
"""The demo: an invented story of two stores, played through the services."""
