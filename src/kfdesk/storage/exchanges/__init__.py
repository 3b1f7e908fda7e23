# SPDX-License-Identifier: GPL-3.0-or-later
"""What a store keeps of files that passed: how to take one back, and what is to be erased."""
