from decimal import Decimal
from pathlib import Path

from pilot_eval.study import load_study
from pilot_eval.study.sheets import read_claims

ROOT = Path(__file__).resolve().parents[2]
HEAD = "id,page,quantity,value,rounding,kind,note,ledger\n"


def test_a_claim_names_the_numbers_that_meet_it():
    (claim,), faults = read_claims(HEAD + "seats,12,seats taken,0.78,0.01,result,,a.one.n  a.two.n\n", "c.csv")
    assert not faults
    assert (claim.value, claim.rounding, claim.ledger) == (Decimal("0.78"), Decimal("0.01"), ("a.one.n", "a.two.n"))
    assert claim.model_dump(mode="json")["value"] == "0.78"


def test_every_wrong_cell_is_named_with_line_and_column():
    lines = (
        "a,,,1,1,design,,",
        "b,,B,many,1,design,,",
        "c,,C,1,0,design,,",
        "d,,D,78.5,1,result,,",
        "e,,E,2,1,sign,,",
        "f,,F,1,1,desing,,",
        "g,,G,1,1,design,,flow",
        "g,,G,1,1,design,,",
        "h,,H,1e300,1e-300,design,,",
    )
    _, faults = read_claims(HEAD + "\n".join(lines) + "\n", "c.csv")
    assert [(fault.id, fault.row, fault.column) for fault in faults] == [
        ("CFG-11", 2, "quantity"),
        ("CFG-12", 3, "value"),
        ("CFG-12", 4, "rounding"),
        ("CFG-12", 5, "rounding"),
        ("CFG-12", 6, "kind"),
        ("CFG-12", 7, "kind"),
        ("CFG-12", 8, "ledger"),
        ("CFG-22", 9, "id"),
        ("CFG-12", 10, "value"),
        ("CFG-12", 10, "rounding"),
    ]
    assert (faults[1].expected, faults[6].expected) == ("a number", "an id of the ledger: table.row.column")


def test_a_study_may_have_claims(copy):
    assert load_study(copy.root).claims == ()
    file = copy.root / "config" / "claims.csv"
    file.write_text(HEAD + "plots,,plots,5,1,design,,\n", encoding="utf-8")
    assert [claim.id for claim in load_study(copy.root).claims] == ["plots"]
    file.write_text(HEAD + "plots,,plots,five,1,design,,\n", encoding="utf-8")
    assert [(fault.file, fault.row) for fault in copy.faults()] == [("config/claims.csv", 2)]


def test_the_shipped_claims_name_numbers_of_the_ledger():
    claims = load_study(ROOT, deliveries=False).claims
    assert {claim.kind for claim in claims} == {"design", "result", "sign"}
    assert any(claim.ledger for claim in claims)
