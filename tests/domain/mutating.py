"""Rules broken in one place: a comparison, a connective, a sign of arithmetic, a number, a condition."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from operator import setitem
from types import CodeType

OTHERS: dict[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
SWAPPED = {"any": "all", "all": "any", "min": "max", "max": "min"}


def mutants(source: str) -> Iterator[tuple[str, CodeType]]:
    """Every program that differs from the source in one place, by a name that says where and what.

    Messages are left alone: what stands in a formatted string tells, and decides nothing.
    """
    tree, seen = ast.parse(source), Counter[str]()
    for place, before, put in list(_expressions(tree, "")):
        for changed in _broken(before):
            name = f"{place}: {_told(before)} → {_told(changed)}"
            seen[name] += 1
            put(ast.copy_location(changed, before))
            code = compile(ast.fix_missing_locations(tree), place, "exec")
            put(before)
            yield name + (f" ({seen[name]})" if seen[name] > 1 else ""), code


Put = Callable[[ast.expr], None]


def _expressions(node: ast.AST, place: str) -> Iterator[tuple[str, ast.expr, Put]]:
    """What a rule computes with, where, and how to put something else there; not its annotations and messages."""
    if isinstance(node, ast.JoinedStr):
        return
    place = _named(node, place)
    default = node.values[-1] if isinstance(node, ast.BoolOp) and _has_default(node) else None
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list"):
            continue
        for at, child in enumerate(value if isinstance(value, list) else [value]):
            if child is default or not isinstance(child, ast.AST):
                continue
            if isinstance(child, ast.expr):
                yield place, child, partial(setattr, node, field) if child is value else partial(setitem, value, at)
            yield from _expressions(child, place)


def _has_default(node: ast.BoolOp) -> bool:
    """Whether `budget or 0`: what the needs of a rule have asked for is there, and 0 only tells the type."""
    names = {part.id for part in ast.walk(node.values[-1]) if isinstance(part, ast.Name)}
    return isinstance(node.op, ast.Or) and names <= {"Fraction"}


def _told(node: ast.expr) -> str:
    return re.sub(r"""f?(['"]).{9,}?\1""", "…", ast.unparse(node))


def _named(node: ast.AST, place: str) -> str:
    if isinstance(node, ast.FunctionDef):
        return node.name
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and not place:
        return node.targets[0].id
    # A rule is called by its code, its needs by their label.
    if isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name | ast.Subscript):
        first = node.args[0]
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            return first.value
    return place


def _broken(node: ast.expr) -> Iterator[ast.expr]:
    """The ways of breaking one expression."""
    match node:
        case ast.Compare(left, ops, comparators):
            for at, op in enumerate(ops):
                for other in OTHERS.get(type(op), ()):
                    yield ast.Compare(left, [*ops[:at], other(), *ops[at + 1 :]], comparators)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(OTHERS[type(op)][0](), values)
            for at in range(len(values) - _has_default(node)):
                left = [*values[:at], *values[at + 1 :]]
                yield ast.BoolOp(op, left) if len(left) > 1 else left[0]
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.BinOp(left, op, right):
            for other in OTHERS.get(type(op), ()):
                yield ast.BinOp(left, other(), right)
        case ast.Constant(bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(int() | float() as number):
            yield ast.Constant(number + 1)
            if number:
                yield ast.Constant(number - 1)
        case ast.IfExp(_, body, orelse):
            yield body
            yield orelse
        case ast.Call(ast.Name(name), args, keywords) if name in SWAPPED:
            yield ast.Call(ast.Name(SWAPPED[name], ast.Load()), args, keywords)
