# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a store that went bad, and of the days when something happens."""
