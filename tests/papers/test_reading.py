"""Files: what they hold is read record by record; what cannot be read is said, and what came before it still comes."""

import gzip
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papers.importers import reading
from papers.importers.reading import Raw, file_fingerprint, read_records
from papers.importers.records import FileError

ONE, TWO, THREE = {"id": "one"}, {"id": "two"}, {"id": "three"}


def read(folder: Path, content: bytes | str, name: str = "file.jsonl", *, skip: int = 0) -> list[Raw]:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read_records(path, skip=skip))


def values(raws: list[Raw]) -> list[Any]:
    return [raw.value for raw in raws]


def lines(*records: Any) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.mark.parametrize(
    "content",
    [
        lines(ONE, TWO, THREE),
        lines(ONE, TWO, THREE).rstrip("\n"),
        lines(ONE, TWO, THREE).replace("\n", "\r\n"),
        "\ufeff" + lines(ONE, TWO, THREE),
        "\n \n" + lines(ONE, TWO) + "\n\n" + lines(THREE),
        json.dumps([ONE, TWO, THREE]),
        "\ufeff" + json.dumps([ONE, TWO, THREE], indent=2),
        json.dumps({"meta": {"count": 3}, "results": [ONE, TWO, THREE]}),
        json.dumps({"meta": {"count": 3}, "results": [ONE, TWO, THREE], "group_by": []}, indent=1),
        lines({"meta": {}, "results": [ONE, TWO]}, {"meta": {}, "results": [THREE]}),
    ],
    ids=["lines", "no end", "CRLF", "mark", "blanks", "array", "pretty array", "page", "pretty page", "pages"],
)
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_all_shapes_give_the_same_records(tmp_path: Path, content: str, pack: Any) -> None:
    """Compressed or not is told by the content, not by the name."""
    assert values(read(tmp_path, pack(content.encode()))) == [ONE, TWO, THREE]


@pytest.mark.parametrize("indent", [None, 2])
def test_one_record_is_a_file(tmp_path: Path, indent: int | None) -> None:
    work = {"id": "one", "authorships": [{"author": {"id": "x"}}], "results": None}
    assert values(read(tmp_path, json.dumps(work, indent=indent))) == [work]


@pytest.mark.parametrize("content", ["", "\n\n", "[]", "[ ]", '{"meta": {}, "results": []}', '{\n "results": [\n ]\n}'])
def test_empty_files_hold_nothing(tmp_path: Path, content: str) -> None:
    assert read(tmp_path, content) == []


def test_line_ends_inside_text_do_not_end_records(tmp_path: Path) -> None:
    odd = {"id": "one", "abstract": "a\u2028b\u2029c\u0085d\x0ce"}
    assert values(read(tmp_path, json.dumps(odd, ensure_ascii=False) + "\n" + lines(TWO))) == [odd, TWO]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    assert [raw.line for raw in read(tmp_path, lines(ONE) + "\n\n" + lines(TWO))] == [1, 4]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "cut', "not JSON at character 8 of the line: Unterminated string starting"),
        ("{'id': 1}", "not JSON at character 2 of the line: Expecting property name"),
        (b'{"id": "\xff"}', "not UTF-8 at byte 9 of the line"),
        ('{"id": ' + "9" * 10_000 + "}", "not usable JSON"),
        ('{"id": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
        ("<html><body>Bad gateway</body></html>", "not JSON"),
    ],
    ids=["cut", "quotes", "bytes", "digits", "deep", "HTML"],
)
def test_a_broken_line_is_reported_and_the_rest_goes_on(tmp_path: Path, line: str | bytes, reason: str) -> None:
    broken = line if isinstance(line, bytes) else line.encode()
    first, second, third = read(tmp_path, lines(ONE).encode() + broken + b"\n" + lines(TWO).encode())
    assert (first.value, third.value) == (ONE, TWO)
    assert second.line == 2
    assert second.value is None
    assert reason in second.error


def test_a_broken_first_line_does_not_hide_the_others(tmp_path: Path) -> None:
    first, second = read(tmp_path, '{"id": "cut\n' + lines(TWO))
    assert first.error
    assert second == Raw(2, TWO)


def test_not_a_number_is_a_value_like_any(tmp_path: Path) -> None:
    """Python writes NaN, so files hold it; the translators leave it out."""
    (raw,) = read(tmp_path, '{"count": NaN}')
    assert raw.value["count"] != raw.value["count"]


def test_a_huge_line_is_skipped_without_being_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LINE_LIMIT", 2**20)
    huge = json.dumps({"abstract": "x" * 3 * 2**20})
    first, second, third = read(tmp_path, lines(ONE) + huge + "\n" + lines(TWO))
    assert (first.value, third.value) == (ONE, TWO)
    assert second.error == "longer than 1 MB"


def test_the_first_records_can_be_skipped(tmp_path: Path) -> None:
    assert values(read(tmp_path, lines(ONE, TWO, THREE), skip=2)) == [THREE]
    assert values(read(tmp_path, json.dumps([ONE, TWO, THREE]), skip=1)) == [TWO, THREE]
    assert values(read(tmp_path, lines(ONE), skip=5)) == []


def test_records_of_any_type_come_as_they_are(tmp_path: Path) -> None:
    assert values(read(tmp_path, json.dumps([ONE, 1, None, "text", [TWO]]))) == [ONE, 1, None, "text", [TWO]]


# --- files that cannot be read -------------------------------------------------------------------------------------------


def broken(folder: Path, content: bytes) -> tuple[list[Any], str]:
    path = folder / "file.json"
    path.write_bytes(content)
    found: list[Any] = []
    with pytest.raises(FileError) as caught:
        found.extend(raw.value for raw in read_records(path))
    assert str(path) in str(caught.value)
    return found, str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for read_it in (file_fingerprint, lambda path: list(read_records(path))):
        with pytest.raises(FileError, match="No such file"):
            read_it(tmp_path / "nowhere.jsonl")


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="Is a directory"):
        file_fingerprint(tmp_path)


def incompressible() -> bytes:
    chance = random.Random(1)
    return gzip.compress(lines(*({"id": number, "abstract": chance.randbytes(300).hex()} for number in range(1_000))).encode())


def test_truncated_gzip_gives_what_came_before(tmp_path: Path) -> None:
    packed = incompressible()
    found, message = broken(tmp_path, packed[: len(packed) // 2])
    assert 0 < len(found) < 1_000
    assert message.endswith(f"the compressed data ends too early, after record {len(found)}")


def test_damaged_gzip_gives_what_came_before(tmp_path: Path) -> None:
    packed = bytearray(incompressible())
    packed[-8] ^= 1  # the checksum
    found, message = broken(tmp_path, bytes(packed))
    assert len(found) == 1_000
    assert "damaged gzip data after record 1000: CRC check failed" in message


@pytest.mark.parametrize("content", [b"\x1f\x8bnot gzip at all", b"\x1f\x8b"])
def test_wrong_gzip(tmp_path: Path, content: bytes) -> None:
    found, message = broken(tmp_path, content)
    assert found == []
    assert "gzip" in message or "compressed data" in message


@pytest.mark.parametrize(
    ("content", "begins"),
    [
        (b"<!DOCTYPE html><html>", "'<!DOCTYPE html><html'"),
        (b"id,title\n1,x\n", "'id,title"),
        ("\ufffe{".encode("utf-16-le"), "not JSON"),
        (b"%PDF-1.7", "'%PDF-1.7'"),
        (b"\n\nhello", "line 3 is not JSON; it begins with 'hello'"),
    ],
)
def test_what_is_not_json_is_named(tmp_path: Path, content: bytes, begins: str) -> None:
    found, message = broken(tmp_path, content)
    assert found == []
    assert begins in message


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'[{"id": "one"}, {"id": "tw', "after record 1"),
        (b'[{"id": "one"}, {"id": NaN}]', "after record 1"),
        (b'[{"id": "one"}, {"id": ' + b"9" * 10_000 + b"}]", "integer overflow"),
        (b'[{"id": "one"}, {"id": "\xff"}]', "invalid bytes in UTF8 string"),
        (b'[{"id": "one"}] trailing', "after record 1"),
        (b'{\n"results": [\n{"id": "one"}, {"id"\n', "premature EOF"),
        (b'{\n"results": [\n{"id": "one"},]\n}', "not valid JSON"),
    ],
)
def test_a_broken_document_says_where(tmp_path: Path, content: bytes, reason: str) -> None:
    _, message = broken(tmp_path, content)
    assert reason in message
    assert "\n" not in message


def test_documents_that_would_fill_the_memory_are_refused(tmp_path: Path) -> None:
    found, message = broken(tmp_path, b"[" * 100_000 + b"]" * 100_000)
    assert found == []
    assert "nested too deeply" in message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\n\\u1eE.-0 natrufsl', max_size=60).map(str.encode))
def test_only_file_errors_are_raised(tmp_path: Path, content: bytes) -> None:
    for packed in (content, gzip.compress(content), b"\x1f\x8b" + content):
        try:
            read(tmp_path, packed)
        except FileError:
            continue


def test_the_fingerprint_is_of_the_bytes(tmp_path: Path) -> None:
    for name, content in (("a", b"x"), ("b", b"x"), ("c", b"y")):
        (tmp_path / name).write_bytes(content)
    a, b, c = (file_fingerprint(tmp_path / name) for name in "abc")
    assert a == b != c
