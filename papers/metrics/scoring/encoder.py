"""Texts as vectors: TF-IDF of words and pairs of words (scikit-learn's). Pure.

A fitted encoder is kept as its words and their weights, so that the same text has the same vector for ever; fitting it
anew is a new version of the method.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from papers.metrics.scoring.rules import ENCODER_SETTINGS


class TooFewTexts(ValueError):
    """There is not enough text to learn words from."""


class Encoder:
    """`version` is a digest of what was learnt."""

    def __init__(self, words: Sequence[str], weights: "np.ndarray[Any, Any]") -> None:
        self._words, self._weights = words, weights
        self._vectorizer = _vectorizer(vocabulary={word: place for place, word in enumerate(words)})
        self._vectorizer.idf_ = weights
        digest = blake2b("\n".join(words).encode() + weights.tobytes(), digest_size=4)
        self.version = digest.hexdigest()

    def vectors(self, texts: Iterable[str]) -> sparse.csr_matrix:
        """One row of unit length for each text; a text without a known word is all zero."""
        return sparse.csr_matrix(self._vectorizer.transform(texts))

    def as_bytes(self) -> bytes:
        head = json.dumps(self._words).encode()
        return zlib.compress(len(head).to_bytes(8, "big") + head + self._weights.astype("<f4").tobytes())

    @classmethod
    def from_bytes(cls, content: bytes) -> "Encoder":
        plain = zlib.decompress(content)
        end = 8 + int.from_bytes(plain[:8], "big")
        return cls(json.loads(plain[8:end]), np.frombuffer(plain[end:], dtype="<f4"))


def fit(texts: Iterable[str]) -> Encoder:
    """Learn the words of these texts and how telling each is. Raises TooFewTexts if no word stands in two of them."""
    vectorizer = _vectorizer(min_df=ENCODER_SETTINGS["min_df"], max_features=ENCODER_SETTINGS["max_features"])
    try:
        vectorizer.fit(texts)
    except ValueError as error:
        raise TooFewTexts(str(error)) from error
    return Encoder([str(word) for word in vectorizer.get_feature_names_out()], vectorizer.idf_.astype(np.float32))


def _vectorizer(**options: Any) -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=tuple(ENCODER_SETTINGS["ngram_range"]), sublinear_tf=ENCODER_SETTINGS["sublinear_tf"],
        strip_accents=ENCODER_SETTINGS["strip_accents"], dtype=np.float32, **options,
    )  # fmt: skip
