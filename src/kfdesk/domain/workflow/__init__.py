# SPDX-License-Identifier: GPL-3.0-or-later
"""The workflow of a plan: states, the gates between them, and alarms on the way."""
