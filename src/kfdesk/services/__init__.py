# SPDX-License-Identifier: GPL-3.0-or-later
"""Application services: what a user can do. Each checks the rights and is one transaction."""
