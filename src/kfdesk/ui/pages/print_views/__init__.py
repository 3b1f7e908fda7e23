# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of the print centre: what keeps a paper back, its preview, and the printer."""
