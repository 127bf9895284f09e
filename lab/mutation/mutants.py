"""Generates small changes of a program, each of which is a fault that a test should notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from random import Random

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

# cosmic-ray has many more operators, but nearly every test notices their changes.
_OPERATORS = (
    *("NumberReplacer", "AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceUnaryOperator_Delete_Not"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    *("ZeroIterationForLoop", "ReplaceBinaryOperator_Add_Sub", "ReplaceBinaryOperator_Sub_Add"),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *(f"ReplaceComparisonOperator_{pair}" for pair in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt")),
)


@dataclass(frozen=True)
class Mutant:
    """A change of a file; `occurrence` is the index of the place among those that the operator can change."""

    path: Path
    line: int
    operator: str
    occurrence: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.operator} {self.occurrence}"

    @property
    def change(self) -> str:
        """The changed lines, as they were and as they are."""
        before, after = self.path.read_text(encoding="utf-8").splitlines(), self.code().splitlines()
        lines = list(unified_diff(before, after, n=0, lineterm=""))[3:]  # without its head
        return "\n".join(f"    {line}" for line in lines)

    def code(self) -> str:
        """Returns the changed file."""
        original = self.path.read_text(encoding="utf-8")
        return str(mutate_code(original, get_operator(f"core/{self.operator}")(), self.occurrence))


def draw(files: Sequence[Path], number: int, seed: int) -> list[Mutant]:
    found = [mutant for file in files for mutant in _mutants(file)]
    return Random(seed).sample(found, min(number, len(found)))


def _mutants(path: Path) -> Iterator[Mutant]:
    code = path.read_text(encoding="utf-8")
    lines, tree = code.splitlines(), get_ast(code)
    for name in _OPERATORS:
        operator = get_operator(f"core/{name}")()
        places = (place for node in ast_nodes(tree) for place in operator.mutation_positions(node))
        for occurrence, ((line, _), _) in enumerate(places):
            # A dataclass that is not frozen, or has no slots, does the same as before.
            if not lines[line - 1].startswith("@dataclass("):
                yield Mutant(path, line, name, occurrence)
