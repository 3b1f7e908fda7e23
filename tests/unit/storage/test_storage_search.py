# SPDX-License-Identifier: GPL-3.0-or-later
"""The index of the directory follows every change, in order, and keeps no word of what is gone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.support import make
from tests.unit.storage.store_samples import WHO, made_in

from kfdesk.domain.backup import ErasureEntry
from kfdesk.domain.directory import SearchQuery, code_term, digit_terms, title_terms, word_terms
from kfdesk.domain.names import SortOrder, fold_words
from kfdesk.domain.registers import DELETION, EMPTY_STATE, apply_changes
from kfdesk.domain.rows import Row, seen_writes
from kfdesk.domain.values import Value
from kfdesk.storage import driver, keyring, tables
from kfdesk.storage.store import Store

HOUSE, OTHER, PERSON, NUMBER = map(make.named_id, ("house", "other", "person", "number"))


def house(name: str = "Kanariehuset", rid: bytes = HOUSE, **more: Value) -> Row:
    values = {"name": name, "country": "EE", "services": ("shelter",), **more}
    return make.row("organisation", values, rid=rid)


def person() -> Row:
    values = {"given_name": "Karin", "organisation": HOUSE.hex()}
    return make.row("contact", values, rid=PERSON)


def number(text: str = "+372 5550172") -> Row:
    return make.row("phone", {"number": text}, rid=NUMBER, parent=HOUSE)


def put(store: Store, *rows: Row) -> None:
    with store.transaction():
        for row in rows:
            store.put(row)


def found(
    store: Store, typed: str = "", *codes: str, order: SortOrder = SortOrder.LATIN
) -> Sequence[bytes]:
    words = tuple(word_terms(word) for word in fold_words(typed))
    sought = SearchQuery(words, title_terms(typed), codes, order=order)
    return store.search.rids(store.search.ids(sought))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = made_in(tmp_path / "store")
    put(made, house(), number(), person(), house("Annat hus", OTHER, country="LV"))
    yield made
    made.close()


def terms(store: Store) -> set[str]:
    """Every word that the index has, also of what is gone."""
    connection = store._connection
    connection.execute("CREATE VIRTUAL TABLE temp.term USING fts5vocab('main', 'lead', 'row')")
    words = {row[0] for row in connection.execute("SELECT term FROM temp.term")}
    connection.execute("DROP TABLE temp.term")
    return words


def test_what_is_written_is_found_at_once_and_counted(store: Store) -> None:
    assert found(store, "kanarie") == [HOUSE, PERSON]
    assert found(store, "karin kanarie") == [PERSON]
    assert found(store, "zzz") == []
    assert store.search.count() == 3


def test_codes_narrow_and_a_person_goes_with_her_house(store: Store) -> None:
    assert found(store, "", code_term("country", "EE")) == [HOUSE, PERSON]
    assert found(store, "", "@country_ee", "@type_organisation") == [HOUSE]
    assert found(store, "", "@country_ee", "@country_lv") == []


def test_number_below_an_entry_leads_to_it(store: Store) -> None:
    sought = SearchQuery((digit_terms("555 01 72"),))
    assert store.search.rids(store.search.ids(sought)) == [HOUSE]
    put(store, make.changed(number(), {"number": "+372 111"}, make.signature(minute=2)))
    assert store.search.ids(sought) == store.search.ids(SearchQuery((("zzz",),)))


def test_change_of_a_house_is_a_change_of_those_who_work_there(store: Store) -> None:
    before = store.search.id_of(PERSON)
    put(store, make.changed(house(), {"name": "Sparvhuset"}, make.signature(minute=2)))
    assert found(store, "kanarie") == []
    assert found(store, "sparv") == [HOUSE, PERSON]
    assert store.search.id_of(PERSON) == before


def test_what_lies_in_the_bin_is_not_found_until_it_is_taken_out(store: Store) -> None:
    state = apply_changes(
        house().state, {DELETION: 1}, seen_writes(house()), make.signature(minute=2)
    )
    put(store, replace(house(), state=state))
    assert found(store, "kanarie") == []
    assert store.search.id_of(HOUSE) is None
    assert store.search.count() == 2


def test_name_that_begins_so_comes_before_others_that_have_the_word(store: Store) -> None:
    put(store, house("Alla kanariers hem", make.named_id("third")))
    assert found(store, "kanarie")[0] == HOUSE
    assert found(store, "kanarie hus")[0] == HOUSE  # written as one word


def test_order_is_the_readers(store: Store) -> None:
    names = {"Östra": "o", "Zeta": "z", "Дом": "d"}
    put(store, *(house(name, make.named_id(key)) for name, key in names.items()))
    wanted = [make.named_id(key) for key in names.values()]
    in_order = {
        order: [rid for rid in found(store, "", order=order) if rid in wanted]
        for order in SortOrder
    }
    east, zeta, dom = wanted
    assert in_order[SortOrder.LATIN] == [east, zeta, dom]
    assert in_order[SortOrder.NORDIC] == [zeta, east, dom]
    assert in_order[SortOrder.CYRILLIC] == [dom, east, zeta]


def test_entries_are_narrowed_by_the_day_of_their_last_check(store: Store) -> None:
    put(store, house("Nyss", make.named_id("fresh"), checked=date(2026, 11, 1)))
    fresh = store.search.ids(SearchQuery(since="2026-10-01"))
    stale = store.search.ids(SearchQuery(before="2026-10-01"))
    assert store.search.rids(fresh) == [make.named_id("fresh")]
    assert set(store.search.rids(stale)) == {HOUSE, OTHER, PERSON}


def test_a_long_list_is_walked_and_has_the_same_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, house("Husrum", make.named_id("third")))
    short = found(store, "hus")
    monkeypatch.setattr("kfdesk.storage.search._SMALL_RESULT", 0)
    assert found(store, "hus") == short
    assert len(short) == 2


def test_only_as_many_as_are_asked_for(store: Store) -> None:
    assert len(store.search.ids(SearchQuery(), most=2)) == 2
    assert len(store.search.ids(SearchQuery(first=("=kanarie",)), most=1)) == 1


def test_names_that_begin_so_stand_first_and_nobody_stands_twice(store: Store) -> None:
    late, also = make.named_id("late"), make.named_id("also")
    put(store, house("Husrum", late), house("Alla hus", also))
    everybody = found(store, "hus")
    assert everybody == [late, also, OTHER]
    sought = SearchQuery((word_terms(fold_words("hus")[0]),), title_terms("hus"))
    for most in range(4):
        assert store.search.rids(store.search.ids(sought, most)) == everybody[:most]
    narrowed = replace(sought, codes=(code_term("country", "LV"),))
    assert store.search.rids(store.search.ids(narrowed)) == [OTHER]


def test_what_may_name_an_entry_is_found_by_its_columns_and_by_doubt(store: Store) -> None:
    assert store.search.records_naming("contact", ("organisation",), HOUSE) == [PERSON]
    assert store.search.records_naming("contact", ("organisation",), OTHER) == []
    unseen = replace(person(), state=EMPTY_STATE)
    put(
        store,
        make.changed(person(), {"organisation": OTHER.hex()}, make.signature(minute=2), unseen),
    )
    assert store.search.records_naming("contact", ("organisation",), HOUSE) == [PERSON]


def test_transaction_that_is_taken_back_leaves_the_index_as_it_was(store: Store) -> None:
    def fail() -> None:
        with store.transaction():
            store.put(house("Aldrig", make.named_id("never")))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert found(store, "aldrig") == []
    put(store, house("Alltid", make.named_id("always")))
    assert len(found(store, "alltid")) == 1


# gone for good


def test_erased_entry_takes_its_words_along(store: Store) -> None:
    assert "kanariehuset" in terms(store)
    with store.transaction():
        store.erasures.erase(ErasureEntry(HOUSE, 1, "client_request"))
    assert found(store, "kanarie") == []
    assert found(store, "karin") == [PERSON]  # who worked there is found by herself alone
    store.erasures.vacuum()
    assert not {word for word in terms(store) if "kanarie" in word or "55501" in word}
    assert {"karin", "annat"} <= terms(store)


def test_erased_number_no_longer_leads_to_its_house(store: Store) -> None:
    with store.transaction():
        store.erasures.erase(ErasureEntry(NUMBER, 1, "client_request"))
    assert store.search.ids(SearchQuery((digit_terms("5550172"),))) == store.search.ids(
        SearchQuery((("zzz",),))
    )
    assert found(store, "kanarie") == [HOUSE, PERSON]


# the index and other programs


def test_index_that_an_older_program_left_behind_catches_up(tmp_path: Path, store: Store) -> None:
    store._connection.execute("DELETE FROM listed")
    tables.set_index_number(store._connection, "indexed", 0)
    store.close()
    again = keyring.unlock(tmp_path / "store", WHO)
    assert found(again, "kanarie") == [HOUSE, PERSON]
    assert not again.search.is_behind
    again.close()


def test_index_of_another_form_is_made_anew(tmp_path: Path, store: Store) -> None:
    tables.set_index_number(store._connection, "index_form", tables.INDEX_FORM + 1)
    store._connection.execute("INSERT INTO lead (rowid, words) VALUES (99, 'kanariefel')")
    store.close()
    again = keyring.unlock(tmp_path / "store", WHO)
    assert found(again, "kanarie") == [HOUSE, PERSON]
    assert "kanariefel" not in terms(again)
    again.close()


def test_hot_questions_scan_no_table(store: Store) -> None:
    plans = [
        row[3]
        for question in (
            "SELECT id FROM listed WHERE id IN (SELECT rowid FROM lead WHERE lead MATCH 'a')",
            "SELECT rid FROM record_organisation WHERE n > 5",
            "SELECT rid FROM record_contact WHERE f_organisation = 'a'",
        )
        for row in store._connection.execute(f"EXPLAIN QUERY PLAN {question}")
    ]
    assert not [line for line in plans if line.startswith("SCAN") and "VIRTUAL" not in line]


def test_nothing_of_it_is_in_the_file_in_plain(tmp_path: Path, store: Store) -> None:
    store.close()
    assert b"kanarie" not in (tmp_path / "store" / driver.STORE_FILE).read_bytes()


def test_what_an_earlier_rank_finds_stands_above_what_later_ones_find(store: Store) -> None:
    third = make.named_id("third")
    law: dict[str, Value] = {"services": ("legal",)}
    put(
        store,
        house("Sjöhuset", third, country="RU", languages=("ru",), **law),
        house("Annat hus", OTHER, country="LV", checked=date(2026, 9, 1), **law),
    )
    ranks = (
        SearchQuery(codes=(code_term("country", "LV"),)),
        SearchQuery(((code_term("services", "legal"), code_term("services", "safety")),)),
        SearchQuery(((code_term("languages", "ru"),),)),
        SearchQuery(since="2026-01-01"),
    )
    kinds = (code_term("type", "organisation"),)

    def order(*wanted: SearchQuery) -> Sequence[bytes]:
        return store.search.rids(store.search.ids(SearchQuery(codes=kinds, ranks=wanted)))

    assert order(*ranks) == [OTHER, third, HOUSE]
    assert order(*reversed(ranks)) == [OTHER, third, HOUSE]
    assert order(ranks[2], ranks[0]) == [third, OTHER, HOUSE]
    assert order(ranks[3]) == [OTHER, HOUSE, third]  # among equals by name
    assert store.search.rids(store.search.ids(SearchQuery(codes=kinds, ranks=ranks), 1)) == [OTHER]
    narrowed_ = SearchQuery(codes=(code_term("country", "EE"),), ranks=ranks, since="")
    assert set(store.search.rids(store.search.ids(narrowed_))) == {HOUSE, PERSON}


def test_more_numbers_than_one_question_may_hold_are_read_in_their_order(store: Store) -> None:
    put(store, *(house(f"Hus {n:04}", make.named_id(f"many {n}")) for n in range(1_000)))
    ids = store.search.ids(SearchQuery())
    many = [*ids, *ids, 999_999_999]
    assert len(store.search.rids(ids)) == len(ids) == 1_003
    assert store.search.rids(many)[:3] == store.search.rids(ids[:3])
    assert len(store.search.rids(many)) == 2 * len(ids)
