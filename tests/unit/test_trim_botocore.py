"""What the layer keeps of botocore's data."""

from __future__ import annotations

import importlib.util
import re
import shutil
from pathlib import Path
from types import ModuleType

import botocore
import botocore.session
import pytest
from botocore.loaders import Loader

from testkit.template import ROOT

SOURCES = [*ROOT.glob("layers/shared/skimlist/**/*.py"), *ROOT.glob("functions/*/*.py")]
DATA = Path(botocore.__file__).parent / "data"


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


trim_botocore = load(ROOT / "layers" / "shared" / "trim_botocore.py")


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with hard links, as an installer makes them."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory, linked: Path) -> Path:
    """Botocore's data about our services and two others, trimmed."""
    data = tmp_path_factory.mktemp("botocore") / "data"
    for name in (*trim_botocore.SERVICES, "ec2", "sqs"):
        shutil.copytree(DATA / name, data / name)
    for file in DATA.glob("*.json"):
        shutil.copy(file, data)
    (linked / "endpoints.json").hardlink_to(data / "endpoints.json")
    (linked / "s3.json.gz").hardlink_to(next(data.glob("s3/*/service-2.json.gz")))
    trim_botocore.trim(data)
    return data


def test_it_keeps_the_services_that_clients_are_made_of() -> None:
    used = {
        name
        for source in SOURCES
        for name in re.findall(r"\b(?:client|resource)\(\s*\"([a-z0-9-]+)\"", source.read_text(encoding="utf-8"))
    }
    assert used == trim_botocore.SERVICES


def test_other_services_are_gone(trimmed: Path) -> None:
    assert {folder.name for folder in trimmed.iterdir() if folder.is_dir()} == trim_botocore.SERVICES


def test_files_that_an_installer_has_linked_to_stay_whole(linked: Path, trimmed: Path) -> None:
    assert (linked / "endpoints.json").read_bytes() == (DATA / "endpoints.json").read_bytes()
    assert (linked / "s3.json.gz").read_bytes() == next(DATA.glob("s3/*/service-2.json.gz")).read_bytes()


def test_the_trimmed_data_is_small(trimmed: Path) -> None:
    assert sum(file.stat().st_size for file in trimmed.rglob("*") if file.is_file()) < 500_000


@pytest.mark.parametrize("name", sorted(trim_botocore.SERVICES))
def test_clients_are_unchanged(trimmed: Path, name: str) -> None:
    whole, small = client(DATA, name), client(trimmed, name)
    assert small.meta.endpoint_url == whole.meta.endpoint_url
    of_clients = [[one.name for one in each.meta.service_model.client_context_parameters] for each in (whole, small)]
    assert of_clients[0] == of_clients[1]
    assert small.meta.method_to_api_mapping == whole.meta.method_to_api_mapping
    for operation in whole.meta.service_model.operation_names:
        shapes = (of.meta.service_model.operation_model(operation).input_shape for of in (whole, small))
        assert len({shape and frozenset(shape.members) for shape in shapes}) == 1


def client(data: Path, name: str) -> botocore.client.BaseClient:
    session = botocore.session.Session()
    loader = Loader(extra_search_paths=[str(data)], include_default_search_paths=False)
    session.register_component("data_loader", loader)
    return session.create_client(name, region_name="eu-central-1", aws_access_key_id="a", aws_secret_access_key="b")
