"""The lexicon of agencies: what it holds, how names are found, and whose host is whose."""

import json
from collections import Counter
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.lineage.agencies import (
    AgencyKind,
    abbreviates,
    agencies,
    canonical_name,
    distinctive_part,
    find_agency,
    host_of,
    is_own,
    name_key,
    namings,
    same_name,
    same_site,
    short_keys,
    supplies_copy,
)
from provenance.lineage.lookalikes import fold_lookalikes, fold_strangers
from provenance.model import Document


def test_lexicon_covers_the_world():
    """At least 200 bodies of every kind in at least 100 countries."""
    entries = agencies()
    assert len(entries) >= 200
    assert {entry.kind for entry in entries} == set(AgencyKind)
    assert len({entry.country for entry in entries}) >= 100


def test_every_id_is_given_once_and_rows_are_sorted():
    """Ids are unique and the file is in their order, so that a change is one line."""
    rows = json.loads(
        files("provenance.lineage").joinpath("agencies.json").read_text(encoding="utf-8")
    )
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids, key=str.casefold)


def test_no_long_name_belongs_to_two_agencies():
    """Only abbreviations may be shared."""
    keys = Counter(key for entry in agencies() for key in set(map(name_key, entry.names)))
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize(
    ("name", "agency"),
    [
        ("The Associated Press", "AP"),
        ("reuters", "Reuters"),
        ("Reuters Staff", "Reuters"),
        ("Agence France-Presse", "AFP"),
        ("新华社", "Xinhua"),
        ("РИА Новости", "RIA Novosti"),
        ("رويترز", "Reuters"),
        ("पीटीआई", "PTI"),
        ("연합뉴스", "Yonhap"),
        ("Rеuters", "Reuters"),
        ("Reu\u200bters", "Reuters"),
        ("Associaled Press", "AP"),
        ("A.P.", "AP"),
    ],
)
def test_names_in_any_script_and_disguise_are_found(name, agency):
    """Case, articles, dots, look-alikes, invisible marks and one misread letter do not hide one."""
    found = find_agency(name)
    assert found is not None
    assert found.id == agency


@pytest.mark.parametrize("name", ["CNA", "MNA", "Vale Herald", "", "Trendy", "Press", "x" * 1000])
def test_shared_abbreviations_and_strangers_name_no_agency(name):
    """What several agencies are called, or none, is given back as it was read."""
    assert find_agency(name) is None
    assert canonical_name(f" {name}  x") == " ".join(f"{name} x".split())


def test_longest_name_wins_in_a_text():
    """The Associated Press of Pakistan is not the Associated Press."""
    text = "Told the Associated Press of Pakistan, and the Associated Press, on AP row."
    assert [(n.agency.id, n.short) for n in namings(text)] == [
        ("APP", False),
        ("AP", False),
        ("AP", True),
    ]


def test_names_are_found_whole_in_scripts_with_spaces_only():
    """No agency is read in "TASSels", but one behind an Arabic prefix is."""
    assert namings("TASSels and Xinhuas") == []
    assert [n.agency.id for n in namings("وفقا لرويترز")] == ["Reuters"]


@given(st.text(max_size=200))
def test_offsets_of_names_are_offsets_of_the_text(text):
    """Whatever the text, each naming spans one of the agency's names."""
    for naming in namings(f"{text} Reuters {text}"):
        read = f"{text} Reuters {text}"[naming.start : naming.end]
        names = {*naming.agency.names, *naming.agency.short}
        assert read in names | {name.upper() for name in names}


@given(st.text(alphabet=st.characters(max_codepoint=0x530), max_size=50))
def test_folding_lookalikes_keeps_the_length(text):
    """Offsets of the folded text are offsets of the text."""
    assert len(fold_lookalikes(text)) == len(text)


def test_words_of_one_script_are_not_folded():
    """A Russian word stays Russian beside a Latin one."""
    assert fold_lookalikes("сообщает Reuters, Rеutеrs") == "сообщает Reuters, Reuters"


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Unity News Service", "The Unity News Service", True),
        ("Unity News Service", "Unitv Ncws Service", True),
        ("Northwire", "Nortwire", True),
        ("Northwire", "Southwire", False),
        ("NTB", "NTA", False),
        ("", "", False),
    ],
)
def test_long_names_may_be_misread(a, b, same):
    """One edit from six letters on, two from twelve on."""
    assert same_name(a, b) is same
    assert same_name(b, a) is same


@pytest.mark.parametrize(
    ("document", "name", "own"),
    [
        (Document("d", "", url="https://www.reuters.com/world/x"), "Reuters", True),
        (Document("d", "", url="https://uk.reuters.com/x"), "Reuters", True),
        (Document("d", "", url="https://notreuters.com/x"), "Reuters", False),
        (Document("d", "", url="https://vale.example/reuters.com"), "Reuters", False),
        (Document("d", "", source="Associated Press"), "AP", True),
        (Document("d", "", source="apnews.com"), "AP", True),
        (Document("d", "", source="The Vale Herald"), "Vale Herald", True),
        (Document("d", "", url="https://www.valeherald.example/a"), "The Vale Herald", True),
        (Document("d", "", url="https://vale.example/a"), "https://vale.example/b", True),
        (Document("d", "", url="https://vale.example/a"), "https://hill.example/b", False),
        (Document("d", ""), "AP", False),
    ],
)
def test_own_names_are_told_by_host_and_outlet(document, name, own):
    """An agency is at home on its hosts, an outlet on the host that spells its name."""
    assert is_own(name, document) is own


def test_hosts_are_compared_by_site():
    """`www.` does not count, a subdomain is the same site, and a broken URL has no host."""
    assert host_of("HTTPS://WWW.Vale.example:80/x") == "vale.example"
    assert host_of("http://[broken") == ""
    assert host_of(None) == ""
    assert same_site("news.vale.example", "vale.example")
    assert not same_site("evale.example", "vale.example")
    assert not same_site("", "")


def test_words_of_lookalikes_are_folded_where_few_letters_are_foreign():
    """In a Latin text "АР" is AP; in a Russian one it is itself, and words of others stay."""
    latin = "The council voted late on the plan, and the mayor agreed. (АР)"
    assert fold_strangers(latin).endswith("(AP)")
    assert len(fold_strangers(latin)) == len(latin)
    for text in (
        "Совет проголосовал поздно. (АР)",
        "The paper Новости is read by all in town.",
    ):
        assert fold_strangers(text) == text


@pytest.mark.parametrize("name", ["CNN", "USA Today", "Getty Images", "McClatchy"])
def test_broadcasters_papers_and_picture_agencies_mostly_keep_their_copy(name):
    """News agencies, syndicates and names that nobody listed supply others."""
    assert not supplies_copy(name)
    assert all(map(supplies_copy, ("AP", "Reuters", "PR Newswire", "Vale News Service")))


@given(st.text("abcdNewsWirePAé -.", max_size=30))
def test_short_keys_stand_for_their_name(name):
    """Every short key of a name abbreviates it."""
    for key in short_keys(name):
        assert abbreviates(key.upper(), name) or key == distinctive_part(name)


def test_the_distinctive_part_leaves_out_what_all_agencies_are_called():
    """Nothing where there is nothing else, or little."""
    assert distinctive_part("Sextant News Service") == "sextant"
    assert distinctive_part("The News Agency") == distinctive_part("UPI News") == ""
    assert distinctive_part("Vale Herald") == ""
    assert {"mpa", "mepa", "meridian press"} <= short_keys("Meridian Press Agency")
