"""A code and its Chinese name are one thing."""

import pytest

from jixiao.domain.terms import UnknownTerm
from jixiao.domain.vocabulary import FundBook, Nature, Verdict


def test_a_term_is_its_code_with_a_chinese_label() -> None:
    assert Nature.NEW == "new"
    assert Nature.NEW.label == "新增"
    assert Nature.choices() == [("new", "新增"), ("continuing", "延续")]


@pytest.mark.parametrize("text", ["延续", "continuing", "延续性", " 延续项目 ", Nature.CONTINUING])
def test_code_label_and_alias_read_as_the_same_member(text: str) -> None:
    assert Nature.read(text) is Nature.CONTINUING


@pytest.mark.parametrize("text", ["", None, "旧", "New"])
def test_an_unknown_text_is_told_what_would_be_accepted(text: object) -> None:
    with pytest.raises(UnknownTerm, match="请填：新增、延续"):
        Nature.read(text)


def test_no_vocabulary_gives_one_text_two_meanings() -> None:
    for vocabulary in (FundBook, Nature, Verdict):
        texts = [text for m in vocabulary for text in {m.value, m.label, *m.aliases}]
        assert len(texts) == len(set(texts))
