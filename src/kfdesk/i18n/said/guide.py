# SPDX-License-Identifier: GPL-3.0-or-later
"""The page for somebody who is invited: one page, read and printed without the program.

Plain HTML without scripts, pictures or addresses, in the reader's language. It says what to do and
never asks anybody to know what a key is. Nothing secret stands in it, and nothing about a client.
"""

from collections.abc import Sequence
from html import escape

from kfdesk.domain.marks import N_
from kfdesk.i18n.language import Language

_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:42em;margin:2em auto;padding:0 1em;color:#14212b}"
    "h1{font-size:1.6em}li{margin:.7em 0}strong{white-space:nowrap}"
    "p.note{border-left:4px solid #1a5876;padding-left:1em}"
)
_PROGRAM_HERE = N_("Put the stick into your computer. The program is in its folder {folder}.")
_PROGRAM_ELSEWHERE = N_(
    "You get the program from {house} in another way. When it is there, put the stick into your "
    "computer."
)
_STEPS = (
    N_("Start the program and choose your language. Then choose {button} and the folder in which "
       "this page is."),
    N_("Enter the name of your organisation and your initials. The program shows six words: write "
       "them on paper. They open your desk, and nobody else ever needs them."),
    N_("Say where {house} is, and add it. Your card is then in this folder, too. Bring or send the "
       "stick back to {house}."),
    N_("Talk by telephone, on a number that you knew before this stick came. Both of you see the "
       "same sixty digits. One reads the first row, the other reads the second one. If all are the "
       "same, both of you tick that they are."),
    N_("From then on you can send each other files, by stick, by e-mail or in any other way. Only "
       "the two of you can open them."),
)  # fmt: skip
_STEPS_OWN = (
    N_("Start the program and choose your language. Then choose {button} and the folder in which "
       "this page is."),
    N_("Enter your initials. The program shows six words: write them on paper. They open this "
       "laptop, and each laptop has words of its own."),
    N_("The card of this laptop is then in this folder, too. Put the stick back into the first "
       "laptop and take the card in there."),
    N_("Both laptops show the same sixty digits. Compare them side by side, and tick on both that "
       "they are the same."),
    N_("From then on each can make a file for the other, with all that is new. Only your own "
       "laptops can open it."),
)  # fmt: skip
_BUTTON = N_("I was invited…")


def guide_page(words: Language, house: str, program: str = "", *, is_own: bool = False) -> str:
    """The page as HTML; `program` is the folder on the stick that has it, empty if none has.

    `is_own`: the reader sits at another laptop of the same house.
    """

    def said(message: str, **places: str) -> str:
        marked = {key: f"<strong>{escape(place)}</strong>" for key, place in places.items()}
        return escape(words.gettext(message)).format(**marked)

    first = said(_PROGRAM_HERE, folder=program) if program else said(
        _PROGRAM_ELSEWHERE, house=house)  # fmt: skip
    button = words.gettext(_BUTTON)
    rest = [said(step, house=house, button=button) for step in (_STEPS_OWN if is_own else _STEPS)]
    title = N_("Another laptop of {house}") if is_own else N_("{house} invites you")
    note = N_(
        "There is nothing secret on this stick, but it says who you work with. Keep it where "
        "you keep your papers. Nobody who travels home, or goes with somebody who does, ever "
        "carries it."
    )
    return _page(words.code, said(title, house=house), [first, *rest], said(note))


def _page(code: str, title: str, steps: Sequence[str], note: str) -> str:
    plain = title.replace("<strong>", "").replace("</strong>", "")
    listed = "\n".join(f"<li>{step}</li>" for step in steps)
    return (
        f'<!DOCTYPE html>\n<html lang="{code}">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{plain}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{title}</h1>\n<ol>\n{listed}\n</ol>\n"
        f'<p class="note">{note}</p>\n</body>\n</html>\n'
    )
