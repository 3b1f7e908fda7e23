# SPDX-License-Identifier: GPL-3.0-or-later
"""The duty sheet: the day of a journey as the desk watches over it, on one sheet of paper."""
