# SPDX-License-Identifier: GPL-3.0-or-later
"""The guide for an invited partner, as plain HTML without scripts, pictures or addresses.

It holds nothing secret and nothing about a client.
"""

from collections.abc import Sequence
from html import escape

from kfdesk.domain.message_marks import N_
from kfdesk.i18n.language import Language

_GUIDE_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:42em;margin:2em auto;padding:0 1em;color:#14212b}"
    "h1{font-size:1.6em}li{margin:.7em 0}strong{white-space:nowrap}"
    "p.note{border-left:4px solid #1a5876;padding-left:1em}"
)
_PROGRAM_HERE = N_("Put the USB stick into your computer. The program is in its folder {folder}.")
_PROGRAM_ELSEWHERE = N_(
    "You get the program from {house} in another way. When you have it, put the USB "
    "stick into your computer."
)
_PARTNER_STEPS = (
    N_("Start the program and choose your language. Then choose {button} and the folder "
        "that contains this page."),
    N_("Enter the name of your organisation and your initials. The program shows six "
        "words: write them on paper. They open your database, and no one else ever needs "
        "them."),
    N_("Say where {house} is, and add the partner. Your card is then in this folder, too. Bring "
       "or send the USB stick back to {house}."),
    N_("Talk by phone, on a number that you knew before this USB stick arrived. Both of "
        "you see the same sixty digits. One reads the first row, the other reads the "
        "second. If all are the same, both of you tick the box."),
    N_("After that you can send each other files, by USB stick, by e-mail or in any other "
        "way. Only the two of you can open them."),
)  # fmt: skip
_OWN_LAPTOP_STEPS = (
    N_("Start the program and choose your language. Then choose {button} and the folder "
        "that contains this page."),
    N_("Enter your initials. The program shows six words: write them on paper. They open this "
       "laptop, and each laptop has words of its own."),
    N_("The card of this laptop is then in this folder, too. Put the USB stick back into "
        "the first laptop and import the card there."),
    N_("Both laptops show the same sixty digits. Compare them side by side, and tick on both that "
       "they are the same."),
    N_("After that each can make a file for the other, with everything new. Only your own "
        "laptops can open it."),
)  # fmt: skip
_PARTNER_NOTE = N_(
    "There is nothing secret on this USB stick, but it shows who you work with. Keep "
    "it where you keep your papers. It must never be carried by anyone who travels "
    "home, or by their companion."
)
_OWN_LAPTOP_NOTE = N_(
    "The USB stick lets one laptop join, once, within 30 days. Keep it in your hands "
    "until the digits are compared. It must never be carried by anyone who travels "
    "home, or by their companion."
)
_INVITED_BUTTON = N_("I was invited…")


def invitation_guide(
    words: Language, house: str, program: str = "", *, is_own: bool = False
) -> str:
    """Return the page as HTML.

    `program` is the program's folder on the stick, empty if it is not there. `is_own` means
    that the reader uses another laptop of the same organisation.
    """

    def said(message: str, **places: str) -> str:
        marked = {key: f"<strong>{escape(place)}</strong>" for key, place in places.items()}
        return escape(words.gettext(message)).format(**marked)

    first = said(_PROGRAM_HERE, folder=program) if program else said(
        _PROGRAM_ELSEWHERE, house=house)  # fmt: skip
    button = words.gettext(_INVITED_BUTTON)
    rest = [
        said(step, house=house, button=button)
        for step in (_OWN_LAPTOP_STEPS if is_own else _PARTNER_STEPS)
    ]
    title = N_("Another laptop of {house}") if is_own else N_("{house} invites you")
    note = _OWN_LAPTOP_NOTE if is_own else _PARTNER_NOTE
    return _guide_html(words.code, said(title, house=house), [first, *rest], said(note))


def _guide_html(code: str, title: str, steps: Sequence[str], note: str) -> str:
    plain = title.replace("<strong>", "").replace("</strong>", "")
    listed = "\n".join(f"<li>{step}</li>" for step in steps)
    return (
        f'<!DOCTYPE html>\n<html lang="{code}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{plain}</title>\n<style>{_GUIDE_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n<ol>\n{listed}\n</ol>\n"
        f'<p class="note">{note}</p>\n</body>\n</html>\n'
    )
