"""moto without repeated computations and copies whose result never changes."""

from __future__ import annotations

import json
import pickle
from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from copy import copy, deepcopy
from functools import cache
from types import SimpleNamespace
from typing import Any
from unittest import mock

from botocore.awsrequest import AWSPreparedRequest
from botocore.model import Shape, StructureShape
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc.jwk import RSAKey
from moto.core import DEFAULT_ACCOUNT_ID, models, responses
from moto.core.botocore_stubber import BotocoreStubber
from moto.core.parse import BaseJSONParser
from moto.core.serialize import AttributePickerContext, BaseJSONSerializer, ResponseSerializer, XFormedAttributePicker
from moto.dynamodb.comparisons import ConditionExpressionParser
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.parsing import validators
from moto.dynamodb.parsing.ast_nodes import Expression, Node, UpdateExpressionFunction
from moto.dynamodb.parsing.expressions import UpdateExpressionParser
from moto.dynamodb.parsing.validators import ActionCountValidator, DepthFirstTraverser, OverlappingPathsValidator
from moto.dynamodb.responses import DynamoHandler
from moto.sns.models import Subscription

_import_key = RSAKey.import_key
_find_keys = XFormedAttributePicker.get_possible_keys
_serialize_structure = BaseJSONSerializer._serialize_type_structure
_serialize_member = ResponseSerializer._serialize_structure_member
_parse_structure = BaseJSONParser._parse_structure
_update_item = DynamoDBBackend.update_item
_process_request = BotocoreStubber.process_request
_sign_request = RequestSigner.handler
_split_by_moto = ConditionExpressionParser._lex_condition_expression
# These types of DynamoDB's values are the same in Python and in JSON.
_AS_THEY_ARE = {"S", "N", "BOOL", "NULL"}


@contextmanager
def faster_moto() -> Iterator[None]:
    """Patches moto until the context ends.

    It remembers which methods moto's classes have, under which names an object may hold a field of an answer, which
    nodes of an expression are processed, and how an expression is split and parsed; a parsed expression is copied by
    pickle, and what is checked of it as a whole is not checked of each of its ends as well. Of the ten types that a
    stored value may have, only its own is looked for, and a string or number is passed on as it is. A new item is
    measured once instead of with each of its fields. A transaction does not copy the table's items, because an update
    replaces its item instead of changing it. The key of the user pools, which is the same in all of them, is read once,
    and all subscriptions sign their messages with one key. Requests to DynamoDB, which are nine of ten, are not signed,
    and reach the code that answers them without the parsing that a browser's requests need. Only requests of botocore
    are answered, so that no account registers 1,300 patterns of addresses for other clients. And botocore does not add
    a description of the machine to its requests.
    """
    keys: dict[str, RSAKey] = {}
    known: dict[Hashable, Sequence[str]] = {}

    def possible_keys(picker: XFormedAttributePicker, context: AttributePickerContext) -> Sequence[str]:
        if context.shape is None or hasattr(context.obj, "Meta"):  # which may name others for each object
            return list(_find_keys(picker, context))
        parent = getattr(context.shape, "parent", None)
        service = context.service_model and context.service_model.service_name
        place = (service, parent and parent.name, context.shape.name, context.key, type(context.obj))
        if place not in known:
            known[place] = list(dict.fromkeys(_find_keys(picker, context)))
        return known[place]

    def import_key(value: Any) -> RSAKey:
        written = json.dumps(value)
        if written not in keys:
            keys[written] = _import_key(value)
        return keys[written]

    patches: tuple[tuple[Any, str, Any], ...] = (
        (responses, "method_names_from_class", cache(responses.method_names_from_class)),
        (XFormedAttributePicker, "get_possible_keys", possible_keys),
        (BaseJSONSerializer, "_serialize_type_structure", _serialize),
        (ResponseSerializer, "_serialize_structure_member", _serialize_member_that_is_there),
        (BaseJSONParser, "_parse_structure", _parse),
        (RSAKey, "import_key", import_key),
        (Subscription, "private_key", lambda _: _signing_key()),
        (models, "RESPONSES_METHODS", ()),
        (UserAgentString, "to_string", lambda _: "tests"),
        (DepthFirstTraverser, "traverse", _traverse),
        (ActionCountValidator, "traverse", ActionCountValidator.verify_action_counts),
        (OverlappingPathsValidator, "traverse", OverlappingPathsValidator.check_for_overlapping_paths),
        (Node, "find_clauses", _find_clauses),
        (validators, "deepcopy", lambda tree: pickle.loads(pickle.dumps(tree))),
        (ConditionExpressionParser, "_lex_condition_expression", _split_condition),
        # Whoever works on the parsed expression copies it first.
        (UpdateExpressionParser, "make", staticmethod(cache(UpdateExpressionParser.make))),
        (Item, "__init__", _make_item),
        (DynamoDBBackend, "update_item", _replace_item),
        (BotocoreStubber, "process_request", _answer),
        (RequestSigner, "handler", _sign),
    )
    with ExitStack() as patched:
        for owner, name, faster in patches:
            patched.enter_context(mock.patch.object(owner, name, faster))
        patched.enter_context(mock.patch.object(Table, "__deepcopy__", _with_the_same_items, create=True))
        yield


@cache
def _signing_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _serialize(
    serializer: BaseJSONSerializer, serialized: dict[str, Any], value: Any, shape: StructureShape, key: str
) -> None:
    if shape.name == "AttributeValue" and value.keys() <= _AS_THEY_ARE:
        serialized[key] = value
    else:
        _serialize_structure(serializer, serialized, value, shape, key)


def _parse(parser: BaseJSONParser, shape: StructureShape, value: Any) -> Any:
    if shape.name == "AttributeValue" and value.keys() <= _AS_THEY_ARE:
        return value
    return _parse_structure(parser, shape, value)


def _serialize_member_that_is_there(
    serializer: ResponseSerializer, serialized: dict[str, Any], value: Any, shape: Shape, key: str
) -> None:
    if shape.parent.name != "AttributeValue" or key in value:
        _serialize_member(serializer, serialized, value, shape, key)


def _traverse(traverser: DepthFirstTraverser, root: Node) -> Any:
    processing = traverser._processing_map()
    kinds = tuple(processing)

    def processed(node: Any, child_id: int) -> Any:
        if not _first_base(type(node), (Node,)):
            return node
        parent = node.parent
        for number, child in enumerate(node.children or ()):
            traverser.pre_processing_of_child(node, number)
            processed(child, number)
        kind = _first_base(type(node), kinds)
        if kind:
            node = processing[kind](node)
            node.parent = parent
            if parent:
                parent.children[child_id] = node
        return node

    return processed(root, -1)


def _find_clauses(node: Node, kinds: Sequence[type[Node]]) -> list[Node]:
    found = []
    for child in node.children or ():
        if type(child) in kinds:
            found.append(child)
        elif _first_base(type(child), (Expression, UpdateExpressionFunction)):
            found += _find_clauses(child, kinds)
    return found


@cache
def _first_base(kind: type, bases: tuple[type, ...]) -> type | None:
    """Returns the first of these classes from which `kind` is derived. `isinstance` asks abstract ones each time."""
    return next((base for base in bases if issubclass(kind, base)), None)


def _split_condition(parser: ConditionExpressionParser) -> deque[Any]:
    return deque(_split(parser.condition_expression))


@cache
def _split(condition: str) -> tuple[Any, ...]:
    return tuple(_split_by_moto(ConditionExpressionParser(condition, {}, {})))


def _make_item(item: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
    for number, (key, value) in enumerate(attrs.items(), 1):
        put = LimitedSizeDict.__setitem__ if number == len(attrs) else dict.__setitem__  # the first measures it all
        put(item.attrs, key, DynamoType(value))


def _with_the_same_items(table: Table, _memo: dict[int, Any]) -> Table:
    result = copy(table)
    result.items = defaultdict(dict)
    for hash_key, items in table.items.items():
        result.items[hash_key] = dict(items) if table.has_range_key else items
    return result


def _replace_item(backend: DynamoDBBackend, table_name: str, key: dict[str, Any], *rest: Any, **named: Any) -> Item:
    table = backend.get_table(table_name)
    hash_key, range_key = backend.get_keys_value(table, key)
    item = table.get_item(hash_key, range_key)
    if item is not None and table.has_range_key:
        table.items[hash_key][range_key] = deepcopy(item)
    elif item is not None:
        table.items[hash_key] = deepcopy(item)
    return _update_item(backend, table_name, key, *rest, **named)


def _answer(stubber: BotocoreStubber, request: AWSPreparedRequest) -> tuple[int, Any, Any] | None:
    target = request.headers.get("X-Amz-Target", b"")
    if not target.startswith(b"DynamoDB_"):
        return _process_request(stubber, request)
    handler = DynamoHandler()
    handler.region, handler.current_account = request.url.split(".")[1], DEFAULT_ACCOUNT_ID
    handler.headers, handler.response_headers = {"Content-Type": "application/x-amz-json-1.0"}, {}
    handler.querystring, handler.uri_match = {"Action": [target.decode().partition(".")[2]]}, {}
    content_type = handler.headers["Content-Type"]
    handler.parse_parameters(
        SimpleNamespace(
            method="POST", path="/", values={}, headers=handler.headers, data=request.body, content_type=content_type
        )
    )
    return handler.call_action()


def _sign(signer: RequestSigner, **request: Any) -> None:
    if str(signer.signing_name) != "dynamodb" or not models.botocore_stubber.enabled:
        _sign_request(signer, **request)
