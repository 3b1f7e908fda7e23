# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a store outside of it, so that an older one in its place is noticed."""
