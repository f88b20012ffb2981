"""Sources that texts credit and that are not among the texts they share with."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from provenance.lineage.agencies import abbreviates, same_name
from provenance.lineage.attribution import Credits, count_given, credited_keys, taking_credits
from provenance.lineage.family import Family
from provenance.match.collapse import Corpus
from provenance.match.joining import join
from provenance.model import Cue

_AGENCY = 3  # texts that credit an outlet which make it an agency
_LEAST_COVERED = 0.02  # of its text that a credit must speak for

Claims = Mapping[str, Sequence[Cue]]


def find_credited(
    corpus: Corpus,
    cues: Sequence[Sequence[Cue]],
    credit: Sequence[Credits],
    family: Family,
) -> list[dict[int, list[Cue]]]:
    """Return the credits of unseen sources: for each name in each story, the cues by text.

    Texts of one story that credit one name were fed by one source, whatever copies of each other
    they seem to be; where no first text of the story gives the credit, there is none. A credit is
    inherited, and draws nothing, where the text took it along from its visible source: from a
    page of the same outlet, or with words that only that page has.
    What a single document says is a claim that nothing else in the corpus bears out; it draws a
    source where it states its source or an address, or where the outlet is unknown and the text
    names one in its own voice (what a page merely ends with may name that page).
    """
    claims = _claims(corpus, cues, credit, family)
    holds = _names_of_stories(credit, family, claims)
    tops: dict[str, list[int]] = {}
    for text, names in claims.items():
        for key in names:
            if key not in holds[text] and not _inherited(corpus, claims, credit, family, text, key):
                tops.setdefault(key, []).append(text)
    found = []
    for key in sorted(tops):
        for members in _stories(tops[key], family):
            group = {text: list(claims[text][key]) for text in members}
            lone = members[0]
            several = sum(len(corpus.members[text]) for text in members) > 1
            first = any(family.primary[text] < 0 for text in members)
            if first and (several or _stands_alone(corpus, lone, group[lone])):
                found.append(group)
    return found


def _claims(
    corpus: Corpus, cues: Sequence[Sequence[Cue]], credit: Sequence[Credits], family: Family
) -> dict[int, Claims]:
    """Return whom each text credits, by key; an abbreviation counts as the name it stands for."""
    given = count_given(credit)
    claimants = [text for text, names in enumerate(credit) if names.given]
    outlets_of: dict[int, set[str | None]] = {family.root[text]: set() for text in claimants}
    outlet = [corpus.documents[group[0]].source for group in corpus.members]
    for text, root in enumerate(family.root):
        if root in outlets_of:
            outlets_of[root].add(outlet[text])

    @cache
    def stands_for(value: str, name: str | None) -> bool:
        return name is not None and (same_name(value, name) or abbreviates(value, name))

    @cache
    def is_of_tree(value: str, root: int) -> bool:
        return any(stands_for(value, name) for name in outlets_of[root])

    raw: dict[int, dict[str, list[Cue]]] = {}
    for text in claimants:
        names = credit[text]
        if names.times_credited(given) >= _AGENCY:
            continue
        document = corpus.documents[corpus.members[text][0]]
        for cue in taking_credits(document, cues[corpus.members[text][0]]):
            keys = credited_keys(cue.value) & names.given.keys()
            if (
                not keys
                or cue.covers_end - cue.covers_start < len(document.text) * _LEAST_COVERED
                or is_of_tree(cue.value, family.root[text])
                or any(stands_for(cue.value, outlet[other]) for other in family.near[text])
            ):
                continue
            raw.setdefault(text, {}).setdefault(min(keys), []).append(cue)
    resolved: dict[int, Claims] = {}
    for text, names_of in raw.items():
        full: dict[str, list[Cue]] = {}
        for key, found in names_of.items():
            longer = sorted(
                other
                for relative in (text, *family.near[text])
                for other, theirs in raw.get(relative, {}).items()
                if abbreviates(found[0].value, theirs[0].value)
            )
            full.setdefault(longer[0] if longer else key, []).extend(found)
        resolved[text] = full
    return resolved


def _names_of_stories(
    credit: Sequence[Credits], family: Family, texts: Iterable[int]
) -> dict[int, frozenset[str]]:
    """Return, for some texts, the names of all texts of its tree and of its relatives."""
    of_tree: dict[int, set[str]] = {family.root[text]: set() for text in texts}
    for text, root in enumerate(family.root):
        if root in of_tree:
            of_tree[root].update(credit[text].own)
    return {
        text: frozenset(of_tree[family.root[text]]).union(
            *(credit[other].own for other in family.near[text])
        )
        for text in texts
    }


def _inherited(
    corpus: Corpus,
    claims: Mapping[int, Claims],
    credit: Sequence[Credits],
    family: Family,
    text: int,
    key: str,
) -> bool:
    parent = family.parent(text)
    if parent < 0:
        return False
    if credit[text].credit_to(credit[parent]) is not None:
        return True
    if key not in claims.get(parent, {}):
        return key in credit[parent].given
    one, other = (corpus.documents[corpus.members[t][0]].source for t in (text, parent))
    return one is None or other is None or one == other or family.has_private_text(text, parent)


def _stories(texts: list[int], family: Family) -> list[list[int]]:
    """Return the texts in groups of relatives; a text of several stories joins none together."""
    place = {text: i for i, text in enumerate(sorted(texts))}
    composites = family.composites()
    pairs = [
        (place[text], place[other])
        for text in place
        for other in family.near[text]
        if other in place and text not in composites and other not in composites
    ]
    # a composite goes with the first of its relatives
    pairs += [
        (place[text], min(place[other] for other in family.near[text] if other in place))
        for text in place
        if text in composites and any(other in place for other in family.near[text])
    ]
    groups: dict[int, list[int]] = {}
    for text, first in zip(place, join(len(place), pairs), strict=True):
        groups.setdefault(first, []).append(text)
    return list(groups.values())


def _stands_alone(corpus: Corpus, text: int, found: Sequence[Cue]) -> bool:
    document = corpus.documents[corpus.members[text][0]]
    return any(
        cue.signal == "source_line"
        or "://" in cue.value
        or (document.source is None and cue.signal == "self_naming")
        for cue in found
    )
