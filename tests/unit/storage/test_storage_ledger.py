# SPDX-License-Identifier: GPL-3.0-or-later
"""The books: an audit chain that tells tampering, what went to whom, partners and bundles."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.support import make
from tests.unit.storage.store_samples import KEY

from kfdesk.domain.audit import NO_AUDIT_HEAD, Action, AuditEvent, AuditHead, DisclosureEntry
from kfdesk.domain.disclosure import Channel
from kfdesk.domain.exchange import Direction, Partner, PartnerState, SequenceMark
from kfdesk.storage import driver
from kfdesk.storage.disclosures import move_to_small_rows
from kfdesk.storage.driver import Connection
from kfdesk.storage.store import Store

EVENTS = (
    AuditEvent("PP", 1, Action.OPEN),
    AuditEvent("PP", 2, Action.CREATE, make.HER, ("code", "given_name")),
    AuditEvent("ОМ", 3, Action.CHANGE, make.HER, ("given_name",)),
    AuditEvent("PP", 4, Action.EXPORT, make.HER, ("code",)),
)
SPOILT = [
    "UPDATE audit SET user = 'XX' WHERE id = 2",
    "UPDATE audit SET at = at + 1 WHERE id = 1",
    "UPDATE audit SET action = 'change' WHERE id = 2",
    "UPDATE audit SET rid = x'00' WHERE id = 3",
    "UPDATE audit SET rid = NULL WHERE id = 4",
    "UPDATE audit SET keys = '[]' WHERE id = 2",
    "UPDATE audit SET previous = zeroblob(32) WHERE id = 3",
    "UPDATE audit SET hash = zeroblob(32) WHERE id = 4",
    "UPDATE audit SET id = 9 WHERE id = 2",
    "DELETE FROM audit WHERE id = 1",
    "DELETE FROM audit WHERE id = 2",
]


@pytest.fixture
def logged(store: Store) -> Store:
    with store.transaction():
        for event in EVENTS:
            store.ledger.log(event)
    return store


def partner(name: str = "Дом у реки", rid: bytes = make.PARTNER, **changes: object) -> Partner:
    plain = Partner(rid, name, b"card \x00", make.named_bytes(name, 32), PartnerState.PENDING,
                    reads=("ru", "en"))  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def mark(sequence: int, **changes: object) -> SequenceMark:
    plain = SequenceMark(
        make.PARTNER, Direction.OUT, b"epoch", sequence, b"%d" % sequence, sequence
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


# the audit chain


def test_new_chain_begins_with_nothing(store: Store) -> None:
    assert store.ledger.audit_head() == bytes(32)
    assert store.ledger.newest_entry() is None
    assert store.ledger.verify() == ()


def test_every_entry_moves_the_head(store: Store) -> None:
    heads = {store.ledger.audit_head()}
    for event in EVENTS:
        with store.transaction():
            store.ledger.log(event)
        heads.add(store.ledger.audit_head())
    assert len(heads) == 1 + len(EVENTS)
    assert store.ledger.newest_entry() == 4


def test_entry_is_found_by_its_number_and_its_hash_alone(store: Store) -> None:
    assert store.ledger.audit_number() == 0
    assert not store.ledger.has_audit_entry(NO_AUDIT_HEAD)
    heads = []
    for event in EVENTS:
        with store.transaction():
            store.ledger.log(event)
        heads.append(AuditHead(store.ledger.audit_number(), store.ledger.audit_head()))
    assert [head.number for head in heads] == list(range(1, len(EVENTS) + 1))
    assert all(map(store.ledger.has_audit_entry, heads))
    assert not store.ledger.has_audit_entry(AuditHead(2**63 - 1, heads[0].digest))
    assert not store.ledger.has_audit_entry(AuditHead(1, heads[1].digest))


def test_same_entry_twice_has_two_hashes(store: Store) -> None:
    heads = []
    for _ in range(2):
        with store.transaction():
            store.ledger.log(EVENTS[0])
        heads.append(store.ledger.audit_head())
    assert heads[0] != heads[1]
    assert store.ledger.verify() == ()


def test_chain_verifies_and_goes_on_after_the_store_was_closed(logged: Store, file: Path) -> None:
    head = logged.ledger.audit_head()
    logged.close()
    again = Store(driver.connect(file, KEY), file)
    assert again.ledger.audit_head() == head
    with again.transaction():
        again.ledger.log(EVENTS[0])
    assert again.verify() == ()
    again.close()


REPLACED = """INSERT OR REPLACE INTO audit
    SELECT id, at, 'XX', action, rid, keys, previous, hash FROM audit WHERE id = 2"""


@pytest.mark.parametrize(
    "statement", [*SPOILT, "UPDATE audit SET user = user", "DELETE FROM audit", REPLACED]
)
def test_entry_cannot_be_changed_or_taken_away(
    logged: Store, connection: Connection, statement: str
) -> None:
    head = logged.ledger.audit_head()
    with pytest.raises(driver.IntegrityError, match="append only"):
        connection.execute(statement)
    assert logged.ledger.audit_head() == head
    assert connection.execute("SELECT count(*) FROM audit").fetchone() == (len(EVENTS),)
    assert logged.verify() == ()


@pytest.mark.parametrize("statement", SPOILT)
def test_tampering_by_someone_who_took_the_guards_away_is_found(
    logged: Store, connection: Connection, statement: str
) -> None:
    for trigger in ("audit_no_change", "audit_no_loss"):
        connection.execute(f"DROP TRIGGER {trigger}")
    assert logged.ledger.verify() == ()
    connection.execute(statement)
    (found,) = logged.ledger.verify()
    assert found.startswith("audit:")
    assert logged.verify() == (found,)


def test_entry_that_was_slipped_in_is_found(logged: Store, connection: Connection) -> None:
    connection.execute(
        "INSERT INTO audit (at, user, action, keys, previous, hash) "
        "VALUES (5, 'XX', 'open', '[]', ?, zeroblob(32))",
        (logged.ledger.audit_head(),),
    )
    assert logged.ledger.verify() == (f"audit:{len(EVENTS) + 1}",)


def test_chain_that_was_cut_short_shows_in_its_head_alone(
    logged: Store, connection: Connection
) -> None:
    """The chain cannot tell this by itself; so the head leaves in every bundle."""
    head = logged.ledger.audit_head()
    connection.execute("DROP TRIGGER audit_no_loss")
    connection.execute("DELETE FROM audit WHERE id = 4")
    assert logged.ledger.verify() == ()
    assert logged.ledger.audit_head() != head


def test_audit_has_no_place_for_a_value(logged: Store, connection: Connection) -> None:
    names = [row[1] for row in connection.execute("PRAGMA table_info(audit)")]
    assert names == ["id", "at", "user", "action", "rid", "keys", "previous", "hash"]
    whole = repr(connection.execute("SELECT * FROM audit").fetchall())
    assert "given_name" in whole
    for value in ("Нина", "tulpan-47"):
        assert value not in whole


def test_events_are_read_back_newest_first_and_page_by_page(logged: Store) -> None:
    first = logged.ledger.events(None, 3)
    assert [event for _, event in first] == [*EVENTS[::-1][:3]]
    rest = logged.ledger.events(first[-1][0], 3)
    assert [event for _, event in rest] == [EVENTS[0]]
    assert logged.ledger.events(rest[-1][0], 3) == ()


# what went to whom


def entry(recipient: bytes = make.PARTNER, **changes: object) -> DisclosureEntry:
    plain = DisclosureEntry(
        make.HER, "client", recipient, "bundle", (make.named_id("consent"),),
        {"code": (b"aaaaaaaa",), "given_name": (b"bbbbbbbb", b"cccccccc"), "alias": ()},
        make.named_bytes("digest", 32), 1_700_000_000_000,
    )  # fmt: skip
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_entries_come_back_as_they_were_oldest_first_and_by_recipient(store: Store) -> None:
    mine = [entry(), entry(consents=()), entry(milliseconds=1, writes={}), entry(channel="carried")]
    with store.transaction():
        store.ledger.enter(mine[:2])
        store.ledger.enter([entry(make.THIRD)])
        store.ledger.enter(mine[2:])
        store.ledger.enter([])
    assert list(store.ledger.entries(make.PARTNER)) == mine
    assert store.ledger.entries(make.THIRD) == (entry(make.THIRD),)
    assert store.ledger.entries(make.OURS) == ()


def test_entries_are_told_apart_by_channel_and_by_what_has_arrived(store: Store) -> None:
    early, late = entry(target=b"one"), entry(target=b"two", rid=make.PLAN)
    paper = entry(channel="carried", target=b"one")
    with store.transaction():
        store.ledger.enter([early, late, paper, entry(make.THIRD, target=b"one")])
        store.ledger.acknowledge([b"one"])
    assert store.ledger.entries(make.PARTNER, "carried") == (paper,)
    both = (make.HER, make.PLAN)
    assert store.ledger.given(make.PARTNER, "bundle", both) == set(both)
    assert store.ledger.given(make.PARTNER, "bundle", both[:1]) == {make.HER}
    lacking = store.ledger.records_with_unsent_writes(
        make.PARTNER, "bundle", both, lambda _rid: early.writes
    )
    assert lacking == {make.PLAN}


def test_record_lacks_what_none_of_the_arrived_files_has_brought(store: Store) -> None:
    old, new, lost = (
        entry(target=target, writes={"code": (wid,)})
        for target, wid in ((b"one", b"aaaaaaaa"), (b"two", b"bbbbbbbb"), (b"three", b"cccccccc"))
    )
    with store.transaction():
        store.ledger.enter([old, new, lost])
        store.ledger.acknowledge([b"one", b"two"])

    def lacks(writes: dict[str, tuple[bytes, ...]]) -> bool:
        found = store.ledger.records_with_unsent_writes(
            make.PARTNER, "bundle", [make.HER], lambda _rid: writes
        )
        return found == {make.HER}

    assert not lacks({"code": (b"aaaaaaaa",)})
    assert not lacks({"code": (b"aaaaaaaa", b"bbbbbbbb")})  # by two files together
    assert not lacks({})
    assert lacks({"code": (b"cccccccc",)})  # that file has not arrived
    assert lacks({"alias": (b"aaaaaaaa",)})  # the id is another field's
    asked: list[bytes] = []

    def nothing(rid: bytes) -> dict[str, tuple[bytes, ...]]:
        asked.append(rid)
        return {}

    for whom, channel in ((make.PARTNER, "carried"), (make.THIRD, "bundle")):
        assert store.ledger.records_with_unsent_writes(whom, channel, [make.HER], nothing) == {
            make.HER
        }
    assert asked == []  # what was never given lacks all that it has


def test_under_way_is_what_went_in_files_that_have_not_arrived(store: Store) -> None:
    old, new = make.named_bytes("old", 32), make.named_bytes("new", 32)
    both, other = frozenset({make.HER, make.PLAN}), make.named_id("leg")
    with store.transaction():
        store.ledger.mark(mark(1, digest=old))
        store.ledger.mark(mark(2, digest=new))
        store.ledger.mark(mark(1, digest=b"theirs", direction=Direction.IN))
        store.ledger.enter([entry(target=old), entry(target=old, rid=make.PLAN)])
        store.ledger.enter([entry(target=new), entry(target=b"theirs", rid=other)])
        store.ledger.enter([entry(target=new, rid=other, channel="notice")])

    def under_way(recipient: bytes = make.PARTNER, epoch: bytes = b"epoch") -> frozenset[bytes]:
        return store.ledger.unacknowledged_records(recipient, "bundle", epoch)

    assert under_way() == both
    assert under_way(make.THIRD) == frozenset()
    assert under_way(epoch=bytes(16)) == frozenset()
    with store.transaction():
        store.ledger.acknowledge([old])
    assert under_way() == {make.HER}
    with store.transaction():
        store.ledger.acknowledge([new])
    assert under_way() == frozenset()
    assert store.ledger.is_true_of_file(old, lambda rid, *_: rid in both)
    assert not store.ledger.is_true_of_file(old, lambda rid, *_: rid in both - {make.PLAN})
    assert store.ledger.is_true_of_file(new, lambda rid, *_: rid == make.HER)
    consents = entry().consents
    assert store.ledger.is_true_of_file(
        new, lambda _, keys, under: keys == set(entry().writes) and under == consents
    )


def test_recipients_of_a_consent_are_found_by_its_id_alone(store: Store) -> None:
    other = make.named_id("another consent")
    with store.transaction():
        store.ledger.enter([entry(), entry(make.THIRD, consents=(other, make.named_id("consent")))])
        store.ledger.enter([entry(make.OURS, consents=(other,)), entry(make.OURS, consents=())])
    assert store.ledger.recipients() == {
        make.named_id("consent"): {make.PARTNER, make.THIRD},
        other: {make.THIRD, make.OURS},
    }


def test_what_was_given_under_a_consent_is_found_in_files_and_on_paper(store: Store) -> None:
    asked, other = make.named_id("consent"), make.named_id("another consent")
    paper = entry(channel="carried", rid=make.named_id("leg"), consents=(other, asked))
    with store.transaction():
        store.ledger.enter([entry(), entry(target=b"again"), entry(rid=make.PLAN), paper])
        store.ledger.enter([entry(rid=make.named_id("note"), consents=(other,))])
        store.ledger.enter([entry(make.THIRD, rid=make.named_id("task"))])
    under = store.ledger.given_under
    assert under(make.PARTNER, asked) == {make.HER, make.PLAN, make.named_id("leg")}
    assert under(make.PARTNER, other) == {make.named_id("leg"), make.named_id("note")}
    assert under(make.THIRD, other) == frozenset()


def test_id_of_a_consent_that_only_lies_across_two_others_is_not_found(store: Store) -> None:
    first, second = make.named_id("consent"), make.named_id("another consent")
    packed = msgspec.msgpack.encode((first, second))
    across = packed[9:25]
    assert across in packed
    with store.transaction():
        store.ledger.enter([entry(consents=(first, second))])
    assert store.ledger.given_under(make.PARTNER, across) == frozenset()


def test_what_comes_again_is_no_first_entry(store: Store) -> None:
    first, again = entry(channel="told"), entry(channel="told", milliseconds=1_700_000_000_009)
    other = replace(again, rid=make.named_id("other"))
    with store.transaction():
        store.ledger.enter([first, again, other, replace(other, channel="else")])

    def firsts(since: int) -> tuple[DisclosureEntry, ...]:
        return store.ledger.first_entries(make.PARTNER, "told", since)

    assert firsts(0) == (first, other)
    assert firsts(first.milliseconds) == (other,)
    assert firsts(1_700_000_000_009) == ()
    assert store.ledger.first_entries(make.THIRD, "told", 0) == ()


def test_unanswered_is_what_came_since_the_last_file_out(store: Store) -> None:
    def unanswered() -> tuple[bytes, ...]:
        return store.ledger.unanswered(make.PARTNER, "came", ("bundle", "answer"))

    with store.transaction():
        store.ledger.enter([entry(channel="came"), entry(make.THIRD, channel="bundle")])
    assert unanswered() == (make.HER,)
    with store.transaction():
        store.ledger.enter([entry(channel="carried")])
    assert unanswered() == (make.HER,)
    with store.transaction():
        store.ledger.enter([entry(channel="answer")])
    assert unanswered() == ()
    with store.transaction():
        store.ledger.enter([entry(channel="came", rid=make.PLAN)] * 2)
    assert unanswered() == (make.PLAN,)


def test_book_of_disclosures_has_no_place_for_a_value(store: Store, connection: Connection) -> None:
    names = [row[1] for row in connection.execute("PRAGMA table_info(disclosure)")]
    assert names == [
        "id", "at", "rid", "type", "recipient", "channel", "consents", "writes", "target",
    ]  # fmt: skip


# partners


def test_partners_come_back_as_they_were_by_name(store: Store, file: Path) -> None:
    every = [
        partner("Ostrov", make.THIRD, state=PartnerState.VERIFIED, is_third_country=True),
        partner("Дом у реки", has_transfer_tool=True, reads=()),
    ]
    with store.transaction():
        for found in reversed(every):
            store.ledger.set_partner(found)
    store.close()
    again = Store(driver.connect(file, KEY), file)
    assert list(again.ledger.partners()) == every
    assert type(again.ledger.partners()[0].is_third_country) is bool
    again.close()


def test_changed_partner_takes_its_own_place(store: Store) -> None:
    changed = partner(
        state=PartnerState.REVOKED, name="Nytt namn", card=b"new", sign_key=b"new key",
        is_third_country=True, has_transfer_tool=True, reads=("sv",),
    )  # fmt: skip
    with store.transaction():
        store.ledger.set_partner(partner())
        store.ledger.set_partner(changed)
    assert store.ledger.partners() == (changed,)


def test_partner_with_anothers_key_does_not_push_it_out(store: Store) -> None:
    with store.transaction():
        store.ledger.set_partner(partner())
    impostor = partner(rid=make.THIRD, state=PartnerState.VERIFIED)
    with pytest.raises(driver.IntegrityError), store.transaction():
        store.ledger.set_partner(impostor)
    assert store.ledger.partners() == (partner(),)


# the order of bundles


def test_marks_come_back_by_partner_and_direction(store: Store) -> None:
    ours = [mark(1), mark(2), mark(1, epoch=b"later", milliseconds=3)]
    theirs = mark(1, direction=Direction.IN)
    others = mark(1, organisation=make.THIRD)
    with store.transaction():
        for found in (*reversed(ours), theirs, others):
            store.ledger.mark(found)
    assert list(store.ledger.marks(make.PARTNER, Direction.OUT)) == ours
    assert store.ledger.marks(make.PARTNER, Direction.IN) == (theirs,)
    assert store.ledger.marks(make.THIRD, Direction.OUT) == (others,)
    assert store.ledger.marks(make.THIRD, Direction.IN) == ()


def test_number_is_used_once(store: Store) -> None:
    with store.transaction():
        store.ledger.mark(mark(1))
    with pytest.raises(driver.IntegrityError), store.transaction():
        store.ledger.mark(mark(1, digest=b"another file"))
    assert store.ledger.marks(make.PARTNER, Direction.OUT) == (mark(1),)


def test_acknowledged_bundles_are_remembered_once(store: Store) -> None:
    assert store.ledger.acknowledged() == frozenset()
    with store.transaction():
        store.ledger.acknowledge([b"one", b"two"])
        store.ledger.acknowledge([b"two", b"three"])
        store.ledger.acknowledge([])
    assert store.ledger.acknowledged() == {b"one", b"two", b"three"}


def test_books_go_back_with_a_transaction_that_failed(store: Store) -> None:
    def fails() -> None:
        with store.transaction():
            store.ledger.log(EVENTS[0])
            store.ledger.enter([entry()])
            store.ledger.set_partner(partner())
            store.ledger.mark(mark(1))
            store.ledger.acknowledge([b"one"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    ledger = store.ledger
    assert ledger.audit_head() == bytes(32)
    assert (ledger.entries(make.PARTNER), ledger.partners()) == ((), ())
    assert ledger.marks(make.PARTNER, Direction.OUT) == ()
    assert ledger.acknowledged() == frozenset()


# one audit entry a file, and small rows


FILE = make.named_bytes("file", 32)
REWRITTEN = [
    "UPDATE sent SET writes = x'6161616161616161' WHERE id = 2",
    "UPDATE sent SET rid = zeroblob(16) WHERE id = 1",
    "UPDATE sent SET shape = 1 WHERE id = 3",
    "DELETE FROM sent WHERE id = 2",
    "DELETE FROM sent",
    "INSERT INTO sent SELECT 99, rid, file, shape, writes FROM sent WHERE id = 1",
    "UPDATE sent_file SET recipient = zeroblob(16)",
    "UPDATE sent_file SET at = at + 1",
    "UPDATE sent_file SET target = zeroblob(32)",
    "UPDATE sent_shape SET type = 'leg' WHERE id = 1",
    "UPDATE sent_shape SET consents = x'90' WHERE id = 1",
    "DELETE FROM sent_shape",
]


def of_file(number: int, **changes: object) -> DisclosureEntry:
    rid = make.named_id(f"record {number}")
    said: dict[str, Any] = {"rid": rid, "target": FILE, "channel": Channel.BUNDLE, **changes}
    return entry(**said)


@pytest.fixture
def sent(logged: Store) -> Store:
    with logged.transaction():
        told = logged.ledger.enter_file(FILE, [of_file(1), of_file(2), of_file(3, writes={})])
        logged.ledger.log(AuditEvent("PP", 5, Action.EXPORT, make.PARTNER, told.keys))
    return logged


def test_records_of_a_file_come_back_as_they_were_sent(sent: Store) -> None:
    assert sent.ledger.entries(make.PARTNER) == (of_file(1), of_file(2), of_file(3, writes={}))
    assert sent.ledger.about([make.named_id("record 2")]) == (of_file(2),)
    assert sent.ledger.last_entry() == 3
    assert sent.verify() == ()


@pytest.mark.parametrize("statement", REWRITTEN)
def test_disclosure_that_was_rewritten_is_found_by_the_entry_of_its_file(
    sent: Store, connection: Connection, statement: str
) -> None:
    connection.execute(statement)
    assert sent.ledger.verify() == (f"audit:{len(EVENTS) + 1}",)


def test_what_a_salvage_has_lost_is_not_asked_for(sent: Store, connection: Connection) -> None:
    connection.execute("DELETE FROM sent WHERE id = 2")
    with sent.transaction():
        sent.ledger.log(AuditEvent("PP", 6, Action.SALVAGED))
    assert sent.ledger.verify() == ()
    with sent.transaction():
        told = sent.ledger.enter_file(b"later", [of_file(4, target=b"later")])
        sent.ledger.log(AuditEvent("PP", 7, Action.EXPORT, make.PARTNER, told.keys))
    assert sent.ledger.verify() == ()
    connection.execute("DELETE FROM sent WHERE rid = ?", (make.named_id("record 4"),))
    assert sent.ledger.verify() == (f"audit:{len(EVENTS) + 3}",)


def test_file_says_once_what_is_the_same_of_all_its_records(
    store: Store, connection: Connection
) -> None:
    with store.transaction():
        store.ledger.enter_file(FILE, map(of_file, range(1200)))
    counts = [
        connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        for table in ("sent", "sent_file", "sent_shape", "disclosure")
    ]
    assert counts == [1200, 1, 1, 0]
    names = [row[1] for row in connection.execute("PRAGMA table_info(sent)")]
    assert names == ["id", "rid", "file", "shape", "writes"]


def test_rows_of_an_older_program_become_small_and_keep_their_numbers(
    store: Store, connection: Connection
) -> None:
    mine = [*map(of_file, range(700)), entry(channel="carried")]
    mine.append(of_file(700, writes={"alias": (b"no id of a write",)}))
    encode = msgspec.msgpack.encode
    connection.executemany(
        "INSERT INTO disclosure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (number, one.milliseconds, one.rid, one.type, one.recipient, str(one.channel),
             encode(one.consents), encode(one.writes), one.target)
            for number, one in enumerate(mine, start=5)
        ],
    )  # fmt: skip
    before, last = store.ledger.entries(make.PARTNER), store.ledger.last_entry()
    assert list(before) == mine
    move_to_small_rows(connection)
    assert store.ledger.entries(make.PARTNER) == before
    assert store.ledger.last_entry() == last
    kept = connection.execute("SELECT id FROM disclosure ORDER BY id").fetchall()
    assert [number for (number,) in kept] == [5 + 700, 5 + 701]  # a paper, and no id of a write
    with store.transaction():
        store.ledger.enter([of_file(800)])
    assert store.ledger.last_entry() == last + 1


def test_small_and_whole_rows_count_in_one_order(store: Store) -> None:
    with store.transaction():
        store.ledger.enter([entry(channel="their_notice")])
        store.ledger.enter_file(FILE, [of_file(1)])
    assert store.ledger.unanswered(make.PARTNER, "their_notice", ("bundle", "notice")) == ()
    assert store.ledger.unanswered(make.PARTNER, "their_notice", ("notice",)) == (make.HER,)
    with store.transaction():
        store.ledger.enter([entry(channel="their_notice", rid=make.PLAN)])
    assert store.ledger.unanswered(make.PARTNER, "their_notice", ("bundle", "notice")) == (
        make.PLAN,
    )
