# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception for faults of the environment, as opposed to bugs.

It carries a code and data, never a message: `i18n/messages.py` has the message and its
remedy for each code, in the user's language. It must not hold a value of a record,
because errors are logged by code.
"""


class KfdeskError(Exception):
    """A fault of the environment: a wrong passphrase, a damaged file, a full disk.

    `code` names the fault as `area.what`, such as `store.wrong_key`. `data` fills the
    placeholders of its message. Every other exception is a bug.
    """

    def __init__(self, code: str, **data: str | int) -> None:
        super().__init__(code)
        self.code = code
        self.data = data
