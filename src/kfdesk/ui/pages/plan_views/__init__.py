# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages of plans are made of beside a plan's sections: beginning one, and their parts."""
