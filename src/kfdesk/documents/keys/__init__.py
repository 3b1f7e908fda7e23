# SPDX-License-Identifier: GPL-3.0-or-later
"""Papers with a key on them: for an envelope in another house, never for a pocket."""
