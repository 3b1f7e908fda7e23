# SPDX-License-Identifier: GPL-3.0-or-later
"""The session, authorization, records, drafts and history: what every other service stands on."""
