# SPDX-License-Identifier: GPL-3.0-or-later
"""What is played before a journey: from an empty place to a decision that a second person approves.

Each step is one thing that a person does, by keys alone; what comes of it the play looks at. A
step begins where the one before it left the keyboard.
"""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from tests.e2e import played_journey
from tests.e2e.played_house import House
from tests.e2e.played_partner import Partner
from tests.e2e.played_voices import Voice
from tests.e2e.player import ALT, CTRL, SHIFT, Player
from tests.integration.course_samples import walked
from tests.support.windows import shell_of

from kfdesk.demo import people
from kfdesk.domain.codes.case import CONSENT_EXPLAINED
from kfdesk.domain.risk import required_categories
from kfdesk.system import settings

Key = Qt.Key


def speak(player: Player, voice: Voice) -> None:
    """Choose the language on the first run."""
    offered = list(player.program.first_run.language.options)
    downs = offered.index(voice.code) - offered.index("en")
    player.presses(Key.Key_Down if downs > 0 else Key.Key_Up)


def set_up(player: Player, house: str = "") -> str:
    """Go through the first run after its language, without a recovery key.

    Return the passphrase. Without a `house` the organisation has its name already.
    """
    if house:
        player.types(house)
        player.presses(Key.Key_Return)
    player.types("EV")
    player.presses(Key.Key_Return)
    words = " ".join(tile.word for tile in player.program.first_run.passphrase.tiles.tiles)
    player.types(words)
    player.presses(Key.Key_Tab)
    player.presses(Key.Key_Space)
    player.presses(Key.Key_N, ALT)
    player.does("Continue without one: if the words are lost, everything is lost")
    player.presses(Key.Key_N, ALT)
    player.waits_for(lambda: player.program.shell is not None)
    return words


def found(player: Player, voice: Voice) -> str:
    """Go through the whole first run. Return the passphrase."""
    speak(player, voice)
    player.presses(Key.Key_Return)
    return set_up(player, voice.house)


def take_in(player: Player, voice: Voice) -> None:
    """Enter the intake."""
    player.presses(Key.Key_N, CTRL)
    player.picks("client", "languages", voice.russian)
    player.answers("client", "needs_interpreter", yes=True)
    player.tells("client", "safe_contact", voice.safe_contact)
    player.fills("client", "alias", voice.alias)
    player.chooses("plan", "wish", "client_wishes_to_return")
    player.picks("plan", "to_country", voice.russia)
    player.presses(Key.Key_Return, CTRL)


def enter_contacts(player: Player, voice: Voice) -> None:
    """Enter an organisation and the escort."""
    player.presses(Key.Key_3, CTRL)
    player.presses(Key.Key_N, ALT)
    player.types(voice.clinic)
    player.picks("organisation", "country", voice.latvia)
    player.saves()
    player.does("Add a phone number")
    player.types("+371 000 0142")
    player.answers("phone", "is_safe", yes=True)
    player.saves()
    player.presses(Key.Key_Escape)
    player.presses(Key.Key_N, ALT | SHIFT)
    player.types(voice.escort[0])
    player.fills("contact", "family_name", voice.escort[1])
    player.fills("contact", "phone", "+46 70-174 06 33")
    player.saves()


def meet(player: Player, partner: Partner) -> None:
    """Add the receiver's card, and type its verification digits as read out."""
    player.presses(Key.Key_5, CTRL)
    player.does("Add a partner's card…")
    player.names_file(partner.card)
    player.does("In the EU or EEA")
    player.presses(Key.Key_Right)
    player.does("Add the partner")
    player.does("Compare the digits")
    player.goes_to("Or type all sixty digits as you hear them")
    player.types(player.behind(lambda _: partner.reads_digits()))
    player.presses(Key.Key_Return)
    assert player.sees("The partner is verified. You can now send and import files.")


def give_consent(
    player: Player, voice: Voice, to: str, purpose: str, groups: Iterable[str]
) -> None:
    """Go through a consent and record it."""
    player.goes_to_section("consent")
    player.presses(Key.Key_N, ALT)
    player.picks("consent", "recipient", to)
    player.chooses("consent", "purpose", purpose)
    player.ticks("consent", "groups", groups)
    player.fills("consent", "interpreted_by", voice.interpreter)
    player.ticks("consent", "explained", CONSENT_EXPLAINED)
    if to == voice.receivers:
        player.chooses("consent", "transfer_tool", "explicit_consent_49_1_a")
        player.does("She has heard the warning now")
    player.chooses("consent", "form", "oral_interpreter")
    player.saves()
    assert player.sees("valid")


def say_who_she_is(player: Player, voice: Voice) -> None:
    """Enter what is known of the client, and what she wants."""
    player.goes_to_section("person")
    player.fills("client", "given_name", voice.given_name)
    player.fills("client", "family_name", voice.family_name)
    player.fills("client", "name_on_ticket", "NINA VYMYSLOVA")
    player.chooses("client", "age_band", "age_24_26")
    player.answers("client", "age_disputed", yes=False)
    player.chooses("client", "gender", "Feminine")
    player.saves()
    player.chooses("plan", "wants_paper", "wants_paper")
    player.sets_time("plan", "wish_stated", "1.12.2026", "11:00")
    player.answers("plan", "alternatives_explained", yes=True)
    player.answers("plan", "interpreter_used", yes=True)
    player.picks("plan", "from_country", voice.sweden)
    player.names_place("plan", "to_place", voice.pskov)
    player.saves()


def assess(player: Player, voice: Voice) -> None:
    """Her needs, the law, whom she goes to, and our own weighing of the risks."""
    for key in ("needs_assessed", "legal_checked"):
        player.mends(key)
        player.writes_now("plan", key)
    player.mends("reception_asked")
    player.picks("reception", "organisation", voice.receivers)
    player.saves()
    player.does_for("Asked now", voice.receiver)
    player.goes_to_section("travel")
    played_journey.unfold_company(player)
    player.picks("plan", "receiver", voice.receivers)
    player.saves()
    player.mends("risk_assessed")
    find_nothing(player)
    conclude(player, voice)


def conclude(player: Player, voice: Voice) -> None:
    """One side's own weighing, but for its answers."""
    player.does("Her view and the conclusion")
    player.chooses("risk_assessment", "conclusion", "return_possible_with_measures")
    player.tells("risk_assessment", "summary", voice.measures)
    player.tells("risk_assessment", "measures", voice.measures)
    player.answers("risk_assessment", "measures_agreed", yes=True)
    player.saves()


def find_nothing(player: Player) -> None:
    """Answer every theme, from the first one, where the keyboard is."""
    for _ in required_categories(has_children=False):
        player.presses(Key.Key_1)


def weigh_both(player: Player, voice: Voice, partner: Partner) -> None:
    """Send the plan, and import the receiver's risk assessment, by files."""
    player.presses(Key.Key_5, CTRL)
    player.presses(Key.Key_E, CTRL)
    player.does("Make the file…")
    player.names_file(partner.post)
    player.does("Done")
    plan = player.plan
    answer = player.behind(lambda _: partner.weighs(plan))
    player.presses(Key.Key_I, CTRL)
    player.does("Choose files…")
    player.names_file(answer)
    player.does("Show it")
    player.does_some("Apply {count} record", "Apply {count} records")
    player.presses(Key.Key_2, CTRL)


def let_in(player: Player, own: str) -> str:
    """Add a second user. Return their passphrase."""
    player.presses(Key.Key_Comma, CTRL)
    player.does("Add a person…")
    player.types("AU")
    player.does("Approver")
    player.goes_to("Type it from the paper")
    words = " ".join(tile.word for tile in shell_of(player.program).page.step.proof.tiles.tiles)
    player.types(words)
    player.does("I have written the words on paper")
    player.goes_to("Your own passphrase")
    player.types(own)
    player.presses(Key.Key_Return)
    return words


def opens(player: Player, initials: str, words: str) -> None:
    """Unlock the store."""
    player.types(initials)
    player.presses(Key.Key_Return)
    player.types(words)
    player.presses(Key.Key_Return)
    player.waits_for(lambda: player.program.shell is not None)


def comes_in(player: Player, initials: str, words: str) -> None:
    """Unlock the store, and open the one plan."""
    opens(player, initials, words)
    player.presses(Key.Key_2, CTRL)
    player.presses(Key.Key_Return)


def stands_at(house: House, voice: Voice, state: str) -> Player:
    """Return the window on a plan in a given state, which an earlier walk has reached."""
    with walked(house.folder, state) as walk:
        house.clock = walk.clock
    settings.write_settings(settings.settings_folder(), settings.Settings(language=voice.code))
    player = house.opens()
    comes_in(player, people.INITIALS, people.PASSPHRASE)
    return player


def decide(player: Player, voice: Voice) -> None:
    """She signs, and a second person is asked."""
    player.mends("client_signed")
    player.writes_now("plan", "decision_signed")
    player.picks("plan", "decision_language", voice.russian)
    player.saves()
    player.checks()
    player.goes_to_gate("second_person", "Ask a second person")
    player.presses(Key.Key_Space)


def approve(player: Player) -> None:
    """Approve the decision as the second person."""
    player.checks()
    player.presses(Key.Key_Return)
    player.does("Approve")
    assert player.sees("The decision to return was approved")
