"""The configuration: found, read, and refused with file, line and the nearest key."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest

from newsqa.config import Config, config_schema, find_config, load_config
from newsqa.errors import ConfigError

GOOD = """
paths = ["out"]
validators = ["rules"]
fail_on = "warning"

[fields]
body = ["post.contents", "text"]

[rules]
ignore = ["BLD006"]

[rules.published-in-future]
max_share = 0.01

[[source]]
name = "*.fr"
rules.DAT003.max_count = 0
"""


def write(folder: Path, text: str, name: str = "newsqa.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_file_is_read(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, GOOD))
    assert config.fail_on == "warning"
    assert config.fields == {"body": ["post.contents", "text"]}
    assert config.rules.settings["published-in-future"].max_share == 0.01
    assert config.source[0].rules["DAT003"].max_count == 0


def test_folders_of_rules_are_taken_from_the_folder_of_the_file(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, GOOD))
    assert config.validators == [str(tmp_path / "rules")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fail_on =", "fail_one =", ":4: unknown key 'fail_one'; did you mean 'fail_on'?"),
        ('"warning"', '"fatal"', ":4: fail_on: "),
        ("max_share = 0.01", "max_share = 7", ":13: rules.published-in-future.max_share: "),
        ("max_share", "max_shares", "did you mean 'max_share'?"),
        ("rules.DAT003.max_count", "rules.DAT003.max_cont", "did you mean 'max_count'?"),
        ('name = "*.fr"', 'nane = "*.fr"', "did you mean 'name'?"),
    ],
)
def test_a_faulty_file_is_refused_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    path = write(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ConfigError) as caught:
        load_config(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_broken_toml_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Invalid value"):
        load_config(write(tmp_path, "paths = ["))


def test_the_nearest_file_is_found_upwards(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    path = write(tmp_path, GOOD)
    assert find_config(below) == path


def test_pyproject_counts_only_with_its_table(tmp_path: Path) -> None:
    below = tmp_path / "a"
    below.mkdir()
    write(below, "[tool.other]\nx = 1\n", "pyproject.toml")
    path = write(tmp_path, '[tool.newsqa]\nfail_on = "info"\n', "pyproject.toml")
    assert find_config(below) == path
    assert load_config(path).fail_on == "info"


def test_the_digest_tells_configurations_apart() -> None:
    assert Config().digest() == Config().digest()
    assert Config().digest() != Config(fail_on="info").digest()


def test_the_published_schema_is_current() -> None:
    committed = Path(__file__).parent.parent / "docs" / "newsqa.schema.json"
    fresh = json.dumps(config_schema(), indent=2) + "\n"
    assert committed.read_text("utf-8") == fresh, (
        "run: newsqa config schema > docs/newsqa.schema.json"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[fields]\nbodi = ['x']", ":1: fields: .*no field is called 'bodi'; fields: id, source"),
        ("[rules]\nsettings = 3", ":1: rules: .*valid dictionary"),
        ("rules = 3", ":1: rules: "),
    ],
)
def test_tables_of_another_form_are_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load_config(write(tmp_path, text))


@pytest.mark.parametrize("text", ["tool = 3", "[tool]\nnewsqa = 3"])
def test_a_pyproject_of_another_form_is_no_crash(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text, "pyproject.toml")
    with contextlib.suppress(ConfigError):
        assert load_config(path) == Config()
