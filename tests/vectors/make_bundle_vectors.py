# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the kept exchange files and cards under `bundle/`, and the list that goes with them.

Run `python -m tests.vectors.make_bundle_vectors` from the project's root. A vector that was
released is never changed: a new one is added to `vectors()`, and a test proves that the old ones
still come out byte for byte. Everything in them is invented.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.vectors.bundle import second_writer
from tests.vectors.bundle.second_reader import digits, field_id, pack
from tests.vectors.bundle.second_writer import Desk, Letter, invented

FOLDER = Path(__file__).resolve().parent / "bundle"
LIST = FOLDER / "vectors.json"

DAY = 1_700_000_000_000  # ms since 1970: when the files of these vectors come
SHOWN = frozenset({*range(1, 7), 129, 130, 131})  # kinds whose content a reader hands on
LONG = 100_000  # bytes; a segment that is longer is only told by its digest
ALDER, BIRCH, CEDAR = Desk("alder"), Desk("birch"), Desk("cedar")


@dataclass(frozen=True)
class Vector:
    """A kept file: its name, its bytes, what reading it gives."""

    name: str
    data: bytes
    expect: str
    why: str = ""
    says: dict[str, Any] = field(default_factory=dict)


def records() -> bytes:
    """Two records of an invented type, one with a conflict, a deletion and a dead write."""
    name, note = field_id("pigeon", "name"), field_id("pigeon", "note")
    low, high = sorted([(name, "Coo"), (note, ["en", "Likes barley", "lv", "Mīl miežus"])])
    first = [
        [
            1 << 20,
            "Alder, desk",
            low[0].to_bytes(2, "big") + high[0].to_bytes(2, "big"),
            invented("wid 1", 8) + invented("wid 2", 8),
            [low[1], high[1]],
        ],
        [1 << 21, "Birch, desk", name.to_bytes(2, "big"), invented("wid 3", 8), ["Croo"]],
    ]
    second = [[1 << 22, "", b"\0\0", invented("wid 4", 8), [1]]]
    rids = sorted(invented(f"rid {number}", 16) for number in (1, 2))
    return pack(
        [
            [rids[0], "pigeon", None, invented("custodian", 16), [first, None]],
            [
                rids[1],
                "pigeon",
                rids[0],
                invented("custodian", 16),
                [second, [[name, invented("wid 5", 8)]]],
            ],
        ]
    )


def letter(name: str, **more: Any) -> Letter:
    """Return a letter from Alder to Birch."""
    return Letter(name, ALDER, BIRCH, **more)


def vectors() -> Iterator[Vector]:
    """Every kept vector, in the order in which they were added."""
    yield from good_bundles()
    yield from refused_bundles()
    yield from cards()
    yield from notices()
    yield from dealings()
    yield from chunks()
    yield from made_good()
    yield from places()
    yield from budgets()
    yield from countersignatures()
    yield from audit_chains()
    yield from provenance()
    yield from network_work()


def good_bundles() -> Iterator[Vector]:
    one = letter("good_records", segments=[(1, records())], changes={14: [2, 4, 0, 0]})
    yield Vector("good_records.age", one.file(), "read", says=said_of(one))
    kinds = [(kind, pack([invented(f"kind {kind}", 20)])) for kind in (2, 3, 4, 5)]
    ignored = [(128, b"not for version 1"), (255, b"\0")]
    others = sorted([BIRCH.age_key, *(Desk(f"birch {number}").age_key for number in range(7))])
    all_kinds = letter(
        "good_all_kinds",
        segments=[kinds[0], ignored[0], *kinds[1:], ignored[1]],
        age_keys=others,
        changes={
            3: 2**32 - 1,
            7: 2**63 - 1,
            8: invented("previous"),
            9: 2**63 - 1,
            10: 65_535,
            12: [invented("birch epoch", 16), 2**62, [1, 127, 128, 65_536, 2**32]],
        },
    )
    grease = b"-> ~-grease invented !\n" + second_writer.b64(invented("grease", 48)) + b"\nAAAA\n"
    yield Vector("good_all_kinds.age", all_kinds.file(grease), "read", says=said_of(all_kinds))


def said_of(one: Letter) -> dict[str, Any]:
    """Return what a reader must find in it."""
    manifest = one.manifest()
    return {
        "seq": str(manifest[7]),
        "time": str(manifest[9]),
        "missing": manifest[12][2],
        "segments": [[kind, named(raw)] for kind, raw in one.segments if kind in SHOWN],
    }


def named(raw: bytes) -> str:
    """Return a segment in the list: its bytes, or what tells a long one from every other."""
    return raw.hex() if len(raw) < LONG else f"sha256 {hashlib.sha256(raw).hexdigest()}"


def refused_bundles() -> Iterator[Vector]:
    forged = letter("torn_signature", signer=CEDAR)
    yield Vector("torn_signature.age", forged.file(), "bundle.torn", "signature")
    stranger = Letter("unknown_sender", CEDAR, BIRCH)
    yield Vector("unknown_sender.age", stranger.file(), "bundle.unknown_sender", "sender")
    for_cedar = Letter("for_cedar", ALDER, CEDAR, segments=[(1, records())])
    anew = second_writer.seal(for_cedar.plaintext(), [BIRCH.age_key], "sealed_anew")
    yield Vector("not_for_us_sealed_anew.age", anew, "bundle.not_for_us", "recipient")
    later = letter("newer_segment_kind", segments=[(7, b"\x90")])
    yield Vector("newer_segment_kind.age", later.file(), "bundle.newer", "segment_kind")
    bomb = letter("torn_segment_length", segments=[(4, bytes(2000))], raw_lengths={0: 100})
    yield Vector("torn_segment_length.age", bomb.file(), "bundle.torn", "segment_length")
    noisy = letter("torn_padding").plaintext()[:-1] + b"\1"
    data = second_writer.seal(noisy, [BIRCH.age_key], "torn_padding")
    yield Vector("torn_padding.age", data, "bundle.torn", "padding")


def notice(number: int, *, told: tuple[str, ...] = ("withdrawn",)) -> list[Any]:
    """Return a notice of an invented consent, that tells fields of it."""
    values = {
        "withdrawn": "2026-11-20T14:30+02:00[Europe/Riga]",
        "withdrawal_effect": ["stop_new_sharing"],
        "purpose": "health_care",
    }
    fids = sorted((field_id("consent", key), key) for key in told)
    save = [
        (1_700_000_000_000 + number) << 16,
        "Alder, desk",
        b"".join(fid.to_bytes(2, "big") for fid, _ in fids),
        b"".join(invented(f"notice {number} {key}", 8) for _, key in fids),
        [values[key] for _, key in fids],
    ]
    rid = number.to_bytes(1, "big") + invented(f"consent {number}", 15)
    client = invented("client", 16)
    return [rid, "consent", client, invented("alder organisation", 16), [[save], None]]


def notices() -> Iterator[Vector]:
    """Files of notices alone: one that is right, and one that tells more than it may."""
    both = [notice(1), notice(2, told=("withdrawn", "withdrawal_effect"))]
    good = letter("good_notices", segments=[(6, pack(both))])
    yield Vector("good_notices.age", good.file(), "read", says=said_of(good))
    more = letter(
        "chatty_notices", segments=[(6, pack([notice(1, told=("withdrawn", "purpose"))]))]
    )
    yield Vector("chatty_notices.age", more.file(), "read", says=said_of(more))


def order(number: int, part: Any = None, reason: str = "client_request") -> list[Any]:
    """Return an invented erasure order."""
    time = (1_700_000_000_000 + number) << 16
    rid = invented(f"ordered {number}", 16)
    return [1, number.to_bytes(1, "big") + invented("order", 15), rid, part, reason, 20_800, time]


def receipt(number: int, outcome: int) -> list[Any]:
    """Return the answer to an invented order."""
    time = (1_700_000_100_000 + number) << 16
    return [2, number.to_bytes(1, "big") + invented("order", 15), outcome, time]


def dealings() -> Iterator[Vector]:
    """Yield what passes beside records: orders, receipts, cards, revocations, asking again."""
    part = [[7, invented("wid 1", 8)], [300, b"".join(sorted(invented(f"w{n}", 8) for n in "ab"))]]
    orders = [order(1), order(2, part, "error"), receipt(1, 1), receipt(9, 3)]
    epoch = invented("birch epoch", 16)
    kinds = [
        (2, pack(orders[:3])),
        (2, pack(orders[3:])),
        (3, pack([[1, second_writer.card(ALDER, "Alder", {6: 2})], [2, CEDAR.sign_key, 1 << 30]])),
        (5, pack([[epoch, 1, 3], [epoch, 7, 2**63 - 1]])),
    ]
    good = letter("good_dealings", segments=kinds, changes={14: [0, 0, 4, 0]})
    yield Vector("good_dealings.age", good.file(), "read", says=said_of(good))
    wrong = {
        "unsorted_orders": (2, pack([receipt(1, 1), order(2)])),
        "whole_part_orders": (2, pack([order(1, [])])),
        "loud_reason_orders": (2, pack([order(1, None, "Client!")])),
        "long_receipt_orders": (2, pack([[*receipt(1, 1), 0]])),
        "unsorted_cards": (3, pack([[2, CEDAR.sign_key, 1], [1, b"card"]])),
        "backward_resends": (5, pack([[epoch, 3, 1]])),
    }
    for name, segment in wrong.items():
        bad = letter(name, segments=[segment])
        yield Vector(f"{name}.age", bad.file(), "read", says=said_of(bad))


CONTENT = b"An invented picture. " * 13_000  # a whole chunk and a bit


def document(content: bytes) -> list[Any]:
    """Return the record of a document, that names nothing but the digest of its content."""
    fid = field_id("attachment", "digest").to_bytes(2, "big")
    digest = hashlib.sha256(content).hexdigest()
    save = [1_700_000_000_000 << 16, "Alder, desk", fid, invented("digest wid", 8), [digest]]
    owner = invented("alder organisation", 16)
    return [invented("document", 16), "attachment", invented("plan", 16), owner, [[save], None]]


def chunks() -> Iterator[Vector]:
    """Yield the content of a document in two chunks; and what is no content."""
    record = document(CONTENT)
    first, rest = [record[0], 0, CONTENT[:262_144]], [record[0], 1, CONTENT[262_144:]]
    kinds = [(1, pack([record])), (4, pack([first])), (4, pack([rest]))]
    good = letter("good_chunks", segments=kinds, changes={14: [1, 1, 0, 2]})
    yield Vector("good_chunks.age", good.file(), "read", says=said_of(good))
    wrong = {
        "gap_chunks": [[record[0], 0, b"first"], [record[0], 2, b"rest"]],
        "short_chunks": [[record[0], 0, b"short"], [record[0], 1, b"rest"]],
        "headless_chunks": [[record[0], 1, b"rest"]],
        "empty_chunks": [[record[0], 0, b""]],
        "hundred_chunks": [[record[0], 100, b"x"]],
    }
    for name, items in wrong.items():
        bad = letter(name, segments=[(4, pack(items))], changes={14: [0, 0, 0, len(items)]})
        yield Vector(f"{name}.age", bad.file(), "read", says=said_of(bad))


def made_good() -> Iterator[Vector]:
    """Alder says of its numbers 2 to 4 that nobody need wait for them, and asks for Birch's 7."""
    epochs = [[invented("alder epoch", 16), 2, 4], [invented("birch epoch", 16), 7, 7]]
    good = letter("good_made_good", segments=[(5, pack(sorted(epochs)))], changes={7: 5})
    yield Vector("good_made_good.age", good.file(), "read", says=said_of(good))


def places() -> Iterator[Vector]:
    """Yield files that stand at the edge of what a reader takes on `DAY`, and one step beyond."""
    edge = (DAY + 48 * 3_600_000) << 16
    every: dict[str, dict[int, Any]] = {
        "edge_number": {7: 1_024},
        "far_number": {7: 1_025},
        "edge_time": {9: edge | 0xFFFF},
        "far_time": {9: edge + (1 << 16)},
    }
    for name, changes in every.items():
        one = letter(name, changes=changes)
        yield Vector(f"{name}.age", one.file(), "read", says=said_of(one))


def budgets() -> Iterator[Vector]:
    """Yield files whose manifests are at a limit, and one step beyond."""
    every = {
        "edge_writes": [0, 2_000_000, 0, 0],
        "many_writes": [0, 2_000_001, 0, 0],
        "many_erasures": [0, 0, 65_537, 0],
    }
    for name, counts in every.items():
        one = letter(name, changes={14: counts})
        yield Vector(f"{name}.age", one.file(), "read", says=said_of(one))


def countersignature(day: int = 20_800, name: str = "Alder, office") -> list[Any]:
    """Return what Alder says of an invented other laptop: its card, its name, since when."""
    other = second_writer.card(CEDAR, "Alder", {1: invented("alder organisation", 16)})
    message = b"kfdesk-countersignature-v1\0" + day.to_bytes(4, "big") + other
    return [other, name, day, ALDER.sign(message)]


def countersignatures() -> Iterator[Vector]:
    """Yield files with two countersignatures, and with what is none."""
    said, later = countersignature(), countersignature(20_801)
    good = letter("good_countersignatures", segments=[(129, pack([said, later]))])
    yield Vector("good_countersignatures.age", good.file(), "read", says=said_of(good))
    wrong = {
        "unsorted_countersignatures": [later, said],
        "long_countersignatures": [[*said, 0]],
        "cut_countersignatures": [[*said[:3], said[3][:63]]],
        "hidden_countersignatures": [countersignature(name="\u202eAlder")],
    }
    for name, items in wrong.items():
        bad = letter(name, segments=[(129, pack(items))])
        yield Vector(f"{name}.age", bad.file(), "read", says=said_of(bad))
    answer = second_writer.answer(second_writer.card(CEDAR, "Alder"), invented("ticket"))
    yield Vector("good_answer.card", answer, "card.damaged", "magic")


def audit_chains() -> Iterator[Vector]:
    """Yield files that say what their sender knows of both histories, and that say it wrongly."""
    seen = [70_000, 300, invented("birch audit head")]
    good = letter("good_audit", segments=[(130, pack([seen]))])
    yield Vector("good_audit.age", good.file(), "read", says=said_of(good))
    wrong = {
        "unseen_audit": [pack([[1, 0, invented("no entry")]])],
        "long_audit": [pack([[*seen, 0]])],
        "empty_audit": [pack([])],
        "two_audit": [pack([seen]), pack([seen])],
    }
    for name, raws in wrong.items():
        bad = letter(name, segments=[(130, raw) for raw in raws])
        yield Vector(f"{name}.age", bad.file(), "read", says=said_of(bad))


def provenance() -> Iterator[Vector]:
    """Yield what a laptop says of whose files brought writes; and what it must not say."""
    writes = [fid + invented(f"brought {fid!r}", 8) for fid in (b"\0\7", b"\1\2")]
    rid, bear, crow = invented("brought", 16), *sorted(invented(f"of {n}", 16) for n in "bc")
    items = [[rid, bear, b"".join(writes)], [rid, crow, writes[0]]]
    good = letter("good_provenance", segments=[(131, pack(items[:1])), (131, pack(items[1:]))])
    yield Vector("good_provenance.age", good.file(), "read", says=said_of(good))
    wrong = {
        "unsorted_provenance": items[::-1],
        "swapped_provenance": [[rid, bear, b"".join(writes[::-1])]],
        "cut_provenance": [[rid, bear, writes[0][:9]]],
        "bare_provenance": [[rid, bear, b""]],
    }
    for name, some in wrong.items():
        bad = letter(name, segments=[(131, pack(some))])
        yield Vector(f"{name}.age", bad.file(), "read", says=said_of(bad))


WORK: dict[str, tuple[str | None, str, dict[str, Any]]] = {
    "network": (None, "alder", {"title": ["en", "Invented network"], "shares": ["network_work"]}),
    "meeting": ("network", "cedar", {
        "title": ["en", "Spring meeting", "lv", "Pavasara sanāksme"], "kind": "network",
        "starts": "2026-12-10T13:00+01:00[Europe/Stockholm]", "confidentiality": "circle",
    }),
    "attendance": ("meeting", "cedar", {"role": "chair"}),
    "decision": ("meeting", "cedar", {
        "decided": ["en", "Write a list"], "due": "2026-12-20", "state": "open",
        "owner": invented("of birch", 16).hex(),
    }),
    "project": ("network", "cedar", {"budget": 5_000, "currency": "EUR", "status": "closed"}),
    "activity": ("project", "cedar", {"kind": "expert_assignment", "begins": "2025", "women": 3}),
    "case_conference": ("plan", "alder", {"place": "Invented hall"}),
    "conference_decision": ("case_conference", "alder", {"state": "open", "due": "2026-12-21"}),
}  # fmt: skip
"""Records of a network's work by type: below which one, of which organisation, and their values.

Cedar's were passed on by Alder, who coordinates. Birch has said that the decision is done.
"""
DONE_ON = "2026-12-19"


def work_records() -> bytes:
    """Return these records, as a segment of kind 1."""
    items = []
    for name, (above, whose, values) in WORK.items():
        fields = sorted((field_id(name, key), wire) for key, wire in values.items())
        saves = [work_save(1 << 20, f"{whose.title()}, desk", fields)]
        if name == "decision":
            saves.append(
                work_save(1 << 21, "Birch, desk", [(field_id(name, "done_here"), DONE_ON)])
            )
        parent = invented(f"work {above}", 16) if above is not None else None
        whole = [saves, None]
        items.append(
            [invented(f"work {name}", 16), name, parent, invented(f"of {whose}", 16), whole]
        )
    return pack(sorted(items))


def work_save(hlc: int, author: str, fields: list[tuple[int, Any]]) -> list[Any]:
    """Return a save of these fields, which are sorted."""
    fids = b"".join(fid.to_bytes(2, "big") for fid, _ in fields)
    wids = b"".join(invented(f"work {hlc} {fid}", 8) for fid, _ in fields)
    return [hlc, author, fids, wids, [wire for _, wire in fields]]


def network_work() -> Iterator[Vector]:
    """Yield the work of a network, as its coordinator passes it on."""
    one = letter(
        "good_network_work", segments=[(1, work_records())], changes={14: [len(WORK), 0, 0, 0]}
    )
    yield Vector("good_network_work.age", one.file(), "read", says=said_of(one))


def ordered(more: int) -> Letter:
    """Return a file whose orders name as many writes as they may, and some more."""
    wids = sorted(invented(f"w{n}", 8) for n in range(1_024))
    part = [[fid, b"".join(wids)] for fid in range(32)]
    orders = [order(1, part), order(2, part)]
    orders += [order(3, [[1, b"".join(wids[:more])]])] if more else []
    return letter("ordered", segments=[(2, pack(orders))], changes={14: [0, 0, len(orders), 0]})


def cards() -> Iterator[Vector]:
    """Cards with long names on both edges, and two that no desk may take."""
    yield Vector("good_alder.card", second_writer.card(ALDER, "Alkšņu māja"), "read")
    yield Vector("good_birch.card", second_writer.card(BIRCH, "Дом «Берёза»", {6: 70_000}), "read")
    low = {5: [[1, b"\1" + bytes(31)]]}
    data = second_writer.card(ALDER, "Alder", low)
    yield Vector("damaged_low_order.card", data, "card.damaged", "age_key")
    hidden = second_writer.card(ALDER, "redlA\u202e")
    yield Vector("damaged_name.card", hidden, "card.damaged", "name")


def listed() -> str:
    """Return the list of all vectors, with the keys that open them."""
    every = list(vectors())
    by_name = {vector.name: vector.data for vector in every}
    return (
        json.dumps(
            {
                "about": "Kept exchange files and cards, version 1. All keys here are invented.",
                "schema": 1,
                "reader": {"seed": BIRCH.seed.hex(), "age_secret": BIRCH.secret.hex()},
                "known_senders": [ALDER.sign_key.hex()],
                "digits": digits(by_name["good_alder.card"], by_name["good_birch.card"]),
                "vectors": {
                    vector.name: {"expect": vector.expect, "why": vector.why, **vector.says}
                    for vector in every
                },
            },
            indent=1,
        )
        + "\n"
    )


def main() -> None:
    """Write all files; those that are there already come out the same."""
    for vector in vectors():
        (FOLDER / vector.name).write_bytes(vector.data)
    LIST.write_text(listed(), encoding="utf-8")


if __name__ == "__main__":
    main()
