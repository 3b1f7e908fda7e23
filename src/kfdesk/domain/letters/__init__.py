# SPDX-License-Identifier: GPL-3.0-or-later
"""Letters: how words compare that people write in different alphabets and habits."""
