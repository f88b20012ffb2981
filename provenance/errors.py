"""What can go wrong, in one place, so that no module imports another for an exception."""


class ProvenanceError(Exception):
    """Base of every error this package raises on purpose; its text says what to do next."""


class InputError(ProvenanceError):
    """Input that cannot be read; the text names the place and the option that helps."""


class ConfigError(ProvenanceError):
    """A setting that is out of range, unknown, or contradicts another."""


class ResultError(ProvenanceError):
    """A result folder that is missing, foreign, damaged or of a newer format."""


class MissingExtra(ProvenanceError):  # noqa: N818 - named for what the user has to do
    """A package that an optional feature needs is absent; the text holds the install command."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(
            f"{feature} needs an optional package: pip install 'article-provenance[{extra}]'"
        )


class StorageError(ProvenanceError):
    """A temporary file that cannot be written; the text names the place and what helps."""


class StoreError(ProvenanceError):
    """An index that is missing, foreign, damaged, in use, full, or made with other settings."""
