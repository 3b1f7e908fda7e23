# SPDX-License-Identifier: GPL-3.0-or-later
"""What sharing with a partner needs around the file itself: who must be told, who is believed."""
