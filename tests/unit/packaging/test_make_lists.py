# SPDX-License-Identifier: GPL-3.0-or-later
"""The public lists are made the same way each time, with no address and no unknown country."""

from pathlib import Path

import make_lists

ORGANISATIONS = """name,name_local,country,kind,website,phone_unchecked,seen_at,last_checked
Påhittad linje,Påhittad linje,RU,national hotline,,527,invented.example,
"Invented,  house",Påhittat hus,SE,NGO,https://invented.example,,invented.example,
"""
MISSIONS = (
    "sending_country,host_country,city,address,address_as_of,phone,email,website,latitude,"
    "longitude,type,wikidata\n"
    "Turkey,Sweden,Stockholm,Gatan 1,2001,+46 8 000 00 00,,,,,embassy,Q1\n"
    "Latvia,Finland,Utby,,,,,,,,consulate general,Q2\n"
    "Latvia,Finland,Utby,,,,,,,,consulate general,Q3\n"
    "Atlantis,Finland,Utby,,,,,,,,embassy,Q4\n"
)
NAMES = "Utby\tFI\tUtby\tУтбю\n"


def made(folder: Path) -> dict[str, list[list[str]]]:
    """Make the lists of the samples; return their rows with the columns first."""
    for name, text in (("o.csv", ORGANISATIONS), ("m.csv", MISSIONS), ("n.tsv", NAMES)):
        (folder / name).write_text(text, encoding="utf-8")
    target = folder / "lists"
    arguments = [
        folder / "o.csv",
        folder / "m.csv",
        "--target",
        target,
        "--names",
        folder / "n.tsv",
    ]
    assert make_lists.main([str(one) for one in arguments]) == 0
    texts = {file.stem: file.read_text(encoding="utf-8") for file in target.iterdir()}
    return {
        name: [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
        for name, text in texts.items()
    }


def test_organisations_have_codes_and_where_they_were_seen(tmp_path: Path) -> None:
    columns, house, line = made(tmp_path)["organisations"]
    assert dict(zip(columns, house, strict=True)) == {
        "name": "Invented, house", "other_name": "Påhittat hus", "country": "SE",
        "actor_type": "ngo", "services": "", "offers": "NGO",
        "website": "https://invented.example", "phone": "", "contact_risk": "",
        "source": "invented.example",
    }  # fmt: skip
    read = dict(zip(columns, line, strict=True))
    assert (read["other_name"], read["services"], read["phone"]) == ("", "helpline", "527")
    assert read["contact_risk"] == "ask_first"


def test_missions_lose_their_address_their_twins_and_unknown_countries(tmp_path: Path) -> None:
    columns, *rows = made(tmp_path)["missions"]
    assert "address" not in columns
    assert rows == [
        ["consulate_general", "LV", "FI", "Utby", "Utby", "Утбю", "", "", ""],
        ["embassy", "TR", "SE", "Stockholm", "", "", "+46 8 000 00 00", "", ""],
    ]


def test_lists_say_source_day_licence_and_warning(tmp_path: Path) -> None:
    made(tmp_path)
    for file in (tmp_path / "lists").iterdir():
        head = [line for line in file.read_text(encoding="utf-8").splitlines() if line[:1] == "#"]
        told = {line.removeprefix("# ").partition(": ")[0] for line in head}
        assert {"source", "date", "licence", "warning"} <= told
