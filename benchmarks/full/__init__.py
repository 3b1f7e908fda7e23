# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs on a store with a hundred thousand contacts, and how cost grows until there are so many.

Apart from the others because they share one such store, which takes longest to make. Exports
nothing.
"""
