"""Say for every passage of a set of articles where it came from.

The names below are the public interface; everything else may change. Each is imported when it
is first used, so that `import provenance` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provenance.audit import Audit, Comparison, compare, scan
    from provenance.config import Config
    from provenance.errors import (
        ConfigError,
        InputError,
        MissingExtra,
        ProvenanceError,
        ResultError,
        StoreError,
    )
    from provenance.index.filter import DuplicateFilter
    from provenance.index.policy import Copies, Policy, Revisions, Rule
    from provenance.index.settings import IndexSettings
    from provenance.index.verdict import Verdict, VerdictReason
    from provenance.model import (
        Cluster,
        Cue,
        Derivation,
        DerivationKind,
        Document,
        DocumentReport,
        Evidence,
        HiddenSource,
        KeepReason,
        Lineage,
        Match,
        MatchClass,
        MatchKind,
        Pair,
        Passage,
        Precision,
        Skipped,
        Span,
        Timestamp,
    )
    from provenance.readers import read

__version__ = "0.1.0"

__all__ = [
    "Audit",
    "Cluster",
    "Comparison",
    "Config",
    "ConfigError",
    "Copies",
    "Cue",
    "Derivation",
    "DerivationKind",
    "Document",
    "DocumentReport",
    "DuplicateFilter",
    "Evidence",
    "HiddenSource",
    "IndexSettings",
    "InputError",
    "KeepReason",
    "Lineage",
    "Match",
    "MatchClass",
    "MatchKind",
    "MissingExtra",
    "Pair",
    "Passage",
    "Policy",
    "Precision",
    "ProvenanceError",
    "ResultError",
    "Revisions",
    "Rule",
    "Skipped",
    "Span",
    "StoreError",
    "Timestamp",
    "Verdict",
    "VerdictReason",
    "__version__",
    "compare",
    "read",
    "scan",
]

if not TYPE_CHECKING:  # a type checker sees the imports above, and so every wrong name
    _HOME = {
        "Audit": "audit",
        "Comparison": "audit",
        "compare": "audit",
        "scan": "audit",
        "Config": "config",
        "ConfigError": "errors",
        "InputError": "errors",
        "MissingExtra": "errors",
        "ProvenanceError": "errors",
        "ResultError": "errors",
        "StoreError": "errors",
        "DuplicateFilter": "index.filter",
        "Copies": "index.policy",
        "Policy": "index.policy",
        "Revisions": "index.policy",
        "Rule": "index.policy",
        "IndexSettings": "index.settings",
        "Verdict": "index.verdict",
        "VerdictReason": "index.verdict",
        "read": "readers",
    }

    def __getattr__(name: str) -> object:
        """Import a public name when it is first asked for (PEP 562)."""
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{_HOME.get(name, 'model')}"), name)
        globals()[name] = found
        return found

    def __dir__() -> list[str]:
        return sorted(__all__)
