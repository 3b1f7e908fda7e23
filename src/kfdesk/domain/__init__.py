# SPDX-License-Identifier: GPL-3.0-or-later
"""The domain: records, consent, disclosure and merge as pure functions; imports only itself."""
