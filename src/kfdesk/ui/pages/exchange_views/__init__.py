# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages inside the place Exchange, each one thing a person does there from start to end."""
