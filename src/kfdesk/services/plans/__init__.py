# SPDX-License-Identifier: GPL-3.0-or-later
"""Services about one plan: consents, journey, risks, aftercare and retention."""
