# SPDX-License-Identifier: GPL-3.0-or-later
"""The one error that is the world's fault and not ours.

It carries a code and data, never a sentence: `i18n/messages.py` has the sentence and its remedy
for each code, in the reader's language. It must not hold a value of a record, because errors are
logged by code.
"""


class KfdeskError(Exception):
    """The world's fault: a wrong passphrase, a torn file, a full disk.

    `code` names the fault (`room.what`, such as `store.wrong_key`); `data` fills the named places
    of its sentence. Everything that is not a KfdeskError is a bug of ours.
    """

    def __init__(self, code: str, **data: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.data = data
