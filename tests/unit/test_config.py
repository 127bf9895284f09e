"""Settings; and the template gives every function those that it reads."""

import ast
from decimal import Decimal

import pytest

from skimlist.config import Settings
from skimlist.errors import InvalidSetting, MissingSetting
from skimlist.models.endpoint import Endpoint
from testkit import template
from testkit.functions import FUNCTIONS
from testkit.template import ROOT

REQUIRED = {
    "table_name": "TABLE_NAME",
    "bucket_name": "BUCKET_NAME",
    "state_machine_arn": "STATE_MACHINE_ARN",
    "topic_arn": "TOPIC_ARN",
    "app_url": "APP_URL",
    "build_export_function": "BUILD_EXPORT_FUNCTION",
    "describe_sources_function": "DESCRIBE_SOURCES_FUNCTION",
    "notify_owner_function": "NOTIFY_OWNER_FUNCTION",
    "secrets_prefix": "SECRETS_PREFIX",
    "page_folder": "PAGE_FOLDER",
    "user_pool_client_id": "USER_POOL_CLIENT_ID",
    "cognito_endpoint": "COGNITO_ENDPOINT",
    "upload_origin": "UPLOAD_ORIGIN",
    "user_pool_id": "USER_POOL_ID",
}
OPTIONAL = {"ca_bundle": "CA_BUNDLE"}
ENDPOINT = {
    "OPENAI_BASE_URL": "http://127.0.0.1:8080/v1",
    "OPENAI_MODEL": "gemma-3-4b-it",
    "OPENAI_CONTEXT_TOKENS": "8192",
    "OPENAI_PRICE_IN": "0.05",
    "OPENAI_PRICE_OUT": "0.20",
    "OPENAI_CONCURRENCY": "2",
    "OPENAI_ANSWER_SECONDS": "300",
    "OPENAI_TEMPERATURE": "0.2",
    "OPENAI_PARAMETERS": '{"top_p": 0.9}',
    "OLLAMA_BASE_URL": "http://127.0.0.1:11434/v1",
    "BEDROCK": "true",
    "BEDROCK_REGION": "us-west-2",
    "BEDROCK_BASE_URL": "https://vpce.example/openai/v1",
}
LIMITS = {
    "batches_at_once": "BATCHES_AT_ONCE",
    "videos_a_day": "VIDEOS_A_DAY",
    "playlists_a_day": "PLAYLISTS_A_DAY",
    "follows": "FOLLOWS",
    "data_api_units_a_day": "DATA_API_UNITS_A_DAY",
    "usd_a_day": "USD_A_DAY",
    "usd_a_month": "USD_A_MONTH",
}


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


def test_the_endpoint_is_openai_unless_a_deployment_says_otherwise() -> None:
    assert Settings(dict.fromkeys(ENDPOINT, "")).endpoint == Settings({}).endpoint == Endpoint()
    assert Settings(ENDPOINT).endpoint == Endpoint(
        base_url="http://127.0.0.1:8080/v1",
        model="gemma-3-4b-it",
        context_tokens=8192,
        usd_per_million_in=Decimal("0.05"),
        usd_per_million_out=Decimal("0.20"),
        concurrent_requests=2,
        answer_seconds=300,
        parameters={"temperature": 0.2, "top_p": 0.9},
        ollama_base_url="http://127.0.0.1:11434/v1",
        bedrock_region="us-west-2",
        bedrock_base_url="https://vpce.example/openai/v1",
    )


@pytest.mark.parametrize(("bedrock", "region"), [("true", "eu-central-1"), ("false", None)])
def test_bedrock_is_asked_in_the_functions_own_region_unless_it_is_turned_off(bedrock: str, region: str | None) -> None:
    variables = {"AWS_REGION": "eu-central-1", "BEDROCK": bedrock, "BEDROCK_REGION": ""}
    assert Settings(variables).endpoint.bedrock_region == region


@pytest.mark.parametrize("text", ["{top_p: 0.9}", "[1]", "0.9"])
def test_parameters_that_are_not_a_json_object_are_named(text: str) -> None:
    with pytest.raises(InvalidSetting, match="OPENAI_PARAMETERS"):
        _ = Settings({"OPENAI_PARAMETERS": text}).endpoint


@pytest.mark.parametrize(("name", "variable"), LIMITS.items())
def test_a_limit_is_a_number_and_none_by_default(name: str, variable: str) -> None:
    assert [getattr(Settings(given), name) for given in ({variable: "50"}, {variable: "0"}, {})] == [50, 0, 0]


def test_a_spending_limit_is_found_by_the_error_that_it_causes() -> None:
    limits = Settings({"USD_A_DAY": "25", "USD_A_MONTH": "300"}).spending_limits
    assert limits == {"daily_spending_reached": 25, "monthly_spending_reached": 300}


def test_the_address_of_the_page_has_no_slash_at_its_end() -> None:
    assert Settings({"APP_URL": "https://skimlist.example/"}).app_url == "https://skimlist.example"


def test_another_endpoint_of_aws_counts_for_the_page_too() -> None:
    variables = {"COGNITO_ENDPOINT": "https://cognito.example", "AWS_ENDPOINT_URL": "http://localhost"}
    assert Settings(variables).cognito_endpoint == "http://localhost"


LAYER = ROOT / "layers" / "shared" / "skimlist"
READING_FOR_FUNCTIONS = ("data_api_access", "model_access")  # modules of the layer that read settings


def settings_read_by(folder: str) -> set[str]:
    """Returns every `settings().name` in a function's modules, and in modules of the layer that read some for it."""
    sources = [path.read_text(encoding="utf-8") for path in (FUNCTIONS / folder).glob("*.py")]
    for module in READING_FOR_FUNCTIONS:
        if any(f"skimlist.{module} import" in source for source in sources):
            sources.append((LAYER / f"{module}.py").read_text(encoding="utf-8"))
    trees = [ast.parse(source) for source in sources]
    return {
        node.attr
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "settings()"
    }


@pytest.mark.parametrize("folder", sorted(path.parent.name for path in FUNCTIONS.glob("*/handler.py")))
def test_the_template_gives_a_function_the_settings_that_it_reads_and_no_others(folder: str) -> None:
    variables = {name: {variable} for name, variable in (REQUIRED | OPTIONAL | LIMITS).items()} | {
        "endpoint": set(ENDPOINT),
        "spending_limits": {"USD_A_DAY", "USD_A_MONTH"},
    }
    read = set().union(*(variables[name] for name in settings_read_by(folder)))
    common = set(template.template()["Globals"]["Function"]["Environment"]["Variables"])
    assert read - common == template.environment(template.logical_id(folder)).keys() - common
