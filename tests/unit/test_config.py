"""Settings, and that the template gives every function those it reads."""

import ast

import pytest

from skimlist.config import Settings
from skimlist.errors import MissingSetting
from tests import template
from tests.functions import FUNCTIONS

REQUIRED = {
    "table_name": "TABLE_NAME",
    "bucket_name": "BUCKET_NAME",
    "state_machine_arn": "STATE_MACHINE_ARN",
    "topic_arn": "TOPIC_ARN",
    "app_url": "APP_URL",
    "build_export_function": "BUILD_EXPORT_FUNCTION",
    "secrets_prefix": "SECRETS_PREFIX",
}
OPTIONAL = {"openai_base_url": "OPENAI_BASE_URL", "ca_bundle": "CA_BUNDLE"}


@pytest.mark.parametrize(("name", "variable"), REQUIRED.items())
def test_a_required_setting_comes_from_its_variable(name: str, variable: str) -> None:
    assert getattr(Settings({variable: "value"}), name) == "value"


@pytest.mark.parametrize(("name", "variable"), REQUIRED.items())
@pytest.mark.parametrize("empty", [True, False])
def test_a_missing_setting_is_named(name: str, variable: str, empty: bool) -> None:
    with pytest.raises(MissingSetting, match=variable):
        getattr(Settings({variable: ""} if empty else {}), name)


@pytest.mark.parametrize(("name", "variable"), OPTIONAL.items())
def test_an_optional_setting_that_is_empty_is_none(name: str, variable: str) -> None:
    assert getattr(Settings({variable: "value"}), name) == "value"
    assert getattr(Settings({variable: ""}), name) is None
    assert getattr(Settings({}), name) is None


def test_the_address_of_the_page_has_no_slash_at_its_end() -> None:
    assert Settings({"APP_URL": "https://skimlist.example/"}).app_url == "https://skimlist.example"


def settings_read_by(folder: str) -> set[str]:
    """Every `settings().name` in a function's modules."""
    trees = [ast.parse(path.read_text()) for path in (FUNCTIONS / folder).glob("*.py")]
    return {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "settings()"
    }


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py")))
def test_the_template_gives_a_function_the_settings_that_it_reads_and_no_others(folder: str) -> None:
    read = {(REQUIRED | OPTIONAL)[name] for name in settings_read_by(folder)}
    given = {name for name in template.environment(template.logical_id(folder)) if not name.startswith("POWERTOOLS_")}
    assert read == given
