"""newsqa's rules as expectations, in a checkpoint of Great Expectations."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

BODY = "The harbour of the northern town reopened on Monday, four months after the storm. " * 4


@pytest.fixture(scope="module")
def found() -> list[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what GX imports
        import great_expectations as gx
        import pandas as pd

        from newsqa.gx import ExpectRecordsToPassNewsqa, ExpectSourcesToPassNewsqa

        frame = pd.DataFrame({
            "url": ["https://a.example/1", "https://b.example/2", "https://b.example/3"],
            "title": ["Harbour reopens after the storm", "%%title%% %%sep%% <b>x</b>", "Vote ends"],
            "text": [BODY + n for n in "abc"],
            "date": ["2024-05-10", None, "2024-05-11"],
        })  # fmt: skip
        context = gx.get_context(mode="ephemeral")
        asset = context.data_sources.add_pandas("p").add_dataframe_asset("a")
        batches = asset.add_batch_definition_whole_dataframe("b")
        now = "2024-06-01"
        suite = context.suites.add(gx.ExpectationSuite(name="s", expectations=[
            ExpectRecordsToPassNewsqa(mostly=0.9, now=now),
            ExpectRecordsToPassNewsqa(mostly=0.6, now=now),
            ExpectRecordsToPassNewsqa(rules=["DAT"], fail_on="warning", now=now),
            ExpectRecordsToPassNewsqa(ignore=["LEK"], now=now),
            ExpectSourcesToPassNewsqa(rules=["DUP", "SRC"], now=now),
        ]))  # fmt: skip
        definition = context.validation_definitions.add(
            gx.ValidationDefinition(name="v", data=batches, suite=suite)
        )
        checkpoint = context.checkpoints.add(
            gx.Checkpoint(name="c", validation_definitions=[definition], result_format="COMPLETE")
        )
        run = checkpoint.run(batch_parameters={"dataframe": frame})
    (result,) = run.run_results.values()
    return list(result.results)


def test_rules_are_judged_in_a_checkpoint(found: list[Any]):
    assert [result.success for result in found] == [False, True, False, True, True]


def test_results_say_which_rules_and_show_no_text(found: list[Any]):
    assert found[0].result["unexpected_count"] == 1
    assert found[0].result["element_count"] == 3
    assert set(found[0].result["details"]["findings"]) >= {"template-leak"}
    assert found[2].result["details"]["findings"] == {"missing-published": 1}
    assert "title%%" not in str([result.to_json_dict() for result in found])
