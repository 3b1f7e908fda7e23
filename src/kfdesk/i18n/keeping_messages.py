# SPDX-License-Identifier: GPL-3.0-or-later
"""Sentences and remedies about backups, restores and erasures; a part of `messages.py`.

They say what became of the backups that were there, because that is what people fear for. A new
code of this subject is one entry here.
"""

from collections.abc import Mapping

from kfdesk.domain.marks import N_
from kfdesk.i18n.message import Message

KEEPING: Mapping[str, Message] = {
    "backup.not_written": Message(
        N_("The backup could not be written."),
        N_("No backup was made; earlier ones are as they were. Use another stick or folder."),
    ),
    "backup.no_room": Message(
        N_("There is too little room for the backup."),
        N_("No backup was made. Make room on the stick, or use another one."),
    ),
    "backup.not_sound": Message(
        N_("What was written is not what is in the store, so it was thrown away."),
        N_("Try again. If it happens twice, do not trust that stick."),
    ),
    "backup.exists": Message(
        N_("There are many backups of this minute already."), N_("There is nothing to do.")
    ),
    "backup.inside_store": Message(
        N_("This is the store's own folder."),
        N_("Choose a stick, or another folder: what befalls the store must not befall its backup."),
    ),
    "backup.missing": Message(
        N_("There is no backup in this folder."),
        N_("Choose the folder in which the backups are; their names begin with notebook."),
    ),
    "backup.unfinished": Message(
        N_("This backup was never finished."), N_("Choose another one, and remove this folder.")
    ),
    "backup.unreadable": Message(
        N_("The backup cannot be read to its end."),
        N_("Nothing was changed. Put the stick in again, or choose another backup."),
    ),
    "backup.damaged_pages": Message(
        N_("The file of this backup is damaged, and cannot be restored."),
        N_("Nothing was changed. Choose another backup, and do not trust that stick."),
    ),
    "backup.damaged_records": Message(
        N_("A record in this backup is not as it was written."),
        N_("Nothing was changed. Choose an earlier backup."),
    ),
    "backup.damaged_log": Message(
        N_("The history in this backup was altered."),
        N_("Nothing was changed. Choose an earlier backup, and ask who had this one."),
    ),
    "erasure.held": Message(
        N_("These records must be kept: the plan says why."),
        N_(
            "Nothing was erased. Why stands in the plan under Keeping. Who looks after data "
            "protection can lift it."
        ),
    ),
    "attachment.unreadable": Message(
        N_("The file cannot be opened."), N_("Check the stick, and choose the file again.")
    ),
    "attachment.unsupported": Message(
        N_("A file of this kind cannot be kept here."),
        N_("Nothing was added. Save it as a PDF, a JPEG or PNG picture, or plain text."),
    ),
    "attachment.broken": Message(
        N_("The file is damaged or not complete."),
        N_("Nothing was added. Scan or photograph it again, or ask for a new copy."),
    ),
    "attachment.too_large": Message(
        N_("The file is larger than 25 MB."),
        N_("Nothing was added. Scan it again with less detail, or split it into several files."),
    ),
    "attachment.no_room": Message(
        N_("All documents together have reached 2 GB, and this notebook keeps no more."),
        N_("Nothing was added. Ask your data protection lead which clients can be erased."),
    ),
    "attachment.too_many_pixels": Message(
        N_("The picture is too detailed: it has more than 50 million pixels."),
        N_("Nothing was added. Scan or photograph it again with less detail."),
    ),
    "attachment.several_pages": Message(
        N_("The picture file has several pages, and only the first could be kept."),
        N_("Nothing was added. Save it as a PDF instead."),
    ),
    "attachment.many_pages": Message(
        N_("The PDF has more than 500 pages."),
        N_("Nothing was added. Split it into several files."),
    ),
    "attachment.locked": Message(
        N_("The PDF is locked with a password."),
        N_("Nothing was added. Save a copy without a password, and add that."),
    ),
    "attachment.elsewhere": Message(
        N_("The content of this document is at another desk."),
        N_("Only the desk that has added it can show it. Ask there."),
    ),
    "attachment.damaged": Message(
        N_("The content of this document is damaged and is not shown."),
        N_("Keep the store as it is, and look for the document in the newest backup."),
    ),
    "attachment.not_shown": Message(
        N_("This page cannot be shown."),
        N_("The document is kept as it is. Look at its other pages, or ask for a new copy."),
    ),
}
