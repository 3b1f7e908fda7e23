# SPDX-License-Identifier: GPL-3.0-or-later
"""Parts of the section Consent: talking one through, its card, taking it back, who has what."""
