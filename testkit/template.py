"""Reads template.yaml and the workflow's definition for tests."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[1]
FUNCTION = "AWS::Serverless::Function"


class _Loader(yaml.CSafeLoader):
    """Expands CloudFormation's short forms: `!Ref Table` becomes `{"Ref": "Table"}`."""


def _intrinsic(loader: _Loader, name: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)  # type: ignore[arg-type]
    if name == "GetAtt" and isinstance(value, str):
        value = value.split(".")
    return {name if name in {"Ref", "Condition"} else f"Fn::{name}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def load(name: str) -> dict[str, Any]:
    """Loads a template of the project."""
    loaded: dict[str, Any] = yaml.load((ROOT / name).read_text(encoding="utf-8"), _Loader)
    return loaded


@cache
def template() -> dict[str, Any]:
    return load("template.yaml")


def defaults(*parameters: str) -> dict[str, str]:
    """Returns the defaults of parameters."""
    return {name: str(template()["Parameters"][name]["Default"]) for name in parameters}


def properties(logical_id: str) -> dict[str, Any]:
    """Returns a resource's properties; those of a function include the Globals."""
    resource = template()["Resources"][logical_id]
    own: dict[str, Any] = resource["Properties"]
    if resource["Type"] != FUNCTION:
        return own
    common = template()["Globals"]["Function"]
    return {**common, **own, "Environment": {"Variables": environment(logical_id)}}


def attached_policies(logical_id: str) -> list[dict[str, Any]]:
    """Returns the policy documents that separate resources add to a function's role."""
    policies = [each["Properties"] for each in template()["Resources"].values() if each["Type"] == "AWS::IAM::Policy"]
    return [policy["PolicyDocument"] for policy in policies if {"Ref": f"{logical_id}Role"} in policy["Roles"]]


def environment(logical_id: str) -> dict[str, Any]:
    """Returns the environment variables of a function, unresolved."""
    parts = (template()["Globals"]["Function"], template()["Resources"][logical_id]["Properties"])
    return {name: value for part in parts for name, value in part.get("Environment", {}).get("Variables", {}).items()}


def functions() -> list[str]:
    return [name for name, resource in template()["Resources"].items() if resource["Type"] == FUNCTION]


def logical_id(folder: str) -> str:
    """Returns the logical id of a function: `fetch_transcript` → `FetchTranscriptFunction`."""
    return "".join(word.capitalize() for word in folder.split("_")) + "Function"


@cache
def definition() -> dict[str, Any]:
    """Returns the definition of the state machine."""
    path = properties("ProcessBatch")["DefinitionUri"]
    loaded: dict[str, Any] = json.loads((ROOT / path).read_text(encoding="utf-8"))
    return loaded


def table_arguments() -> dict[str, Any]:
    """Returns the properties of the Table resource that CreateTable accepts."""
    wanted = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "BillingMode")
    return {name: properties("Table")[name] for name in wanted}
