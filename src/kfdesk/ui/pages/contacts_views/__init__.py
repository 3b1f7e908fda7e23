# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the directory's page: an entry to be read, and the same entry to be edited."""
