# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of the demo in which a mother travels with her child."""

from pathlib import Path

from tests.integration.course_samples import walked

from kfdesk.demo import family
from kfdesk.documents.typesetting import page_texts
from kfdesk.domain.workflow.gates import GateReason


def test_child_of_the_demo_waits_for_a_document_of_its_own_and_gets_a_sheet(
    tmp_path: Path,
) -> None:
    with walked(tmp_path) as walk:
        made = family.enter_family(walk.ours, walk.partner)
        said = family.add_childs_document(walk.ours, made)
        assert said == (GateReason.NO_OWN_DOCUMENT, None)
        hers, childs = family.make_family_papers(walk.ours, made, tmp_path)
        for path in (hers, childs):
            text = " ".join(page_texts(path.read_bytes())[0].split())
            assert family.CHILD_TICKET in text
        assert "IDA NEBYVALAYA" not in " ".join(page_texts(childs.read_bytes()))
