# SPDX-License-Identifier: GPL-3.0-or-later
"""The lock: when the store locks, what is hidden then, and how the window resumes."""
