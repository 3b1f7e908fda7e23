# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that come: what there is, what each would do, and what is decided before it is taken."""
