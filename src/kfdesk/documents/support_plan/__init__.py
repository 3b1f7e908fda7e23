# SPDX-License-Identifier: GPL-3.0-or-later
"""The support plan, a cabinet paper that she signs: her aims, who helps, when one is in touch."""
