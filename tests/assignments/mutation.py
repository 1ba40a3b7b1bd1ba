"""Make every small change of an answer that somebody could have made by mistake, one at a time.

A mutant that no case of a question notices shows a gap in the cases, or changes nothing. Each operator has a name, and
yields what one node of the syntax tree could have been instead.
"""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

ARITHMETIC = {
    ast.Add: [ast.Sub],
    ast.Sub: [ast.Add],
    ast.Mult: [ast.Div, ast.Add],
    ast.Div: [ast.Mult],
    ast.FloorDiv: [ast.Div, ast.Mult],
    ast.Mod: [ast.FloorDiv],
    ast.Pow: [ast.Mult],
    ast.MatMult: [ast.Mult],
}
COMPARISONS = {
    ast.Gt: [ast.GtE, ast.Lt],
    ast.GtE: [ast.Gt, ast.LtE],
    ast.Lt: [ast.LtE, ast.Gt],
    ast.LtE: [ast.Lt, ast.GtE],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
}
# a function or method, and what it is mistaken for
CONFUSED = {
    "mean": ["sum", "max"],
    "sum": ["mean", "max"],
    "max": ["min", "sum"],
    "min": ["max"],
    "maximum": ["minimum"],
    "minimum": ["maximum"],
    "argmax": ["argmin"],
    "exp": ["expm1", "exp2"],
    "log": ["log2", "log10", "log1p"],
    "log1p": ["log", "expm1"],
    "abs": ["negative", "square"],
    "zeros": ["ones"],
    "ones": ["zeros"],
    "zeros_like": ["ones_like"],
    "reduce_mean": ["reduce_sum", "reduce_max"],
    "reduce_sum": ["reduce_mean", "reduce_max"],
    "reduce_max": ["reduce_min"],
    "sigmoid": ["softmax", "tanh"],
    "softmax": ["sigmoid", "log_softmax"],
    "logsumexp": ["max"],
    "reduce_logsumexp": ["reduce_max"],
    "softmax_cross_entropy_with_logits": ["sigmoid_cross_entropy_with_logits"],
    "sigmoid_cross_entropy_with_logits": ["softmax_cross_entropy_with_logits"],
    "ceil": ["floor"],
    "floor": ["ceil"],
    "permutation": ["arange"],
}
# these give the same whatever the order of their arguments
SYMMETRIC = {"max", "min", "np.maximum", "np.minimum", "tf.maximum", "tf.minimum"}


@dataclass(frozen=True)
class Mutant:
    """A changed answer: by which operator, the line as it was and as it became, and the whole source."""

    operator: str
    line: str
    became: str
    source: str


def of_binary(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Another arithmetic operator; the operands swapped, where the order matters."""
    if isinstance(node, ast.BinOp):
        for other in ARITHMETIC.get(type(node.op), []):
            yield "operator", ast.BinOp(node.left, other(), node.right)
        if isinstance(node.op, ast.Sub | ast.Div | ast.MatMult | ast.Pow | ast.FloorDiv | ast.Mod):
            yield "operands swapped", ast.BinOp(node.right, node.op, node.left)
    if isinstance(node, ast.AugAssign):
        for other in ARITHMETIC.get(type(node.op), []):
            yield "operator", ast.AugAssign(node.target, other(), node.value)


def of_comparison(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Another comparison, or a condition negated."""
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), []):
            yield "comparison", ast.Compare(node.left, [other()], node.comparators)
    if isinstance(node, ast.If | ast.While | ast.IfExp):
        turned = copy.deepcopy(node)
        turned.test = ast.UnaryOp(ast.Not(), turned.test)
        yield "condition turned round", turned


def of_constant(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A number one more or one less, a truth value turned round."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield "truth value", ast.Constant(not node.value)
        elif isinstance(node.value, int | float):
            yield "constant", ast.Constant(node.value + 1)
            yield "constant", ast.Constant(node.value - 1)


def of_unary(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A sign or a `not` dropped."""
    if isinstance(node, ast.UnaryOp):
        yield "sign dropped", node.operand


def of_name(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A function taken for its neighbour; a transpose dropped."""
    if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
        for other in CONFUSED.get(node.attr, []):
            yield "function", ast.Attribute(node.value, other, node.ctx)
        if node.attr == "T":
            yield "transpose dropped", node.value


def of_call(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Two arguments swapped; a keyword left out; only the argument instead of the call."""
    if not isinstance(node, ast.Call):
        return
    for i in range(0 if ast.unparse(node.func) in SYMMETRIC else len(node.args) - 1):
        swapped = list(node.args)
        swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
        yield "arguments swapped", ast.Call(node.func, swapped, node.keywords)
    for keyword in node.keywords:
        others = [other for other in node.keywords if other is not keyword]
        yield "keyword left out", ast.Call(node.func, node.args, others)
    values = [keyword.value for keyword in node.keywords]
    for i in range(len(values) - 1):
        swapped = copy.deepcopy(node)
        swapped.keywords[i].value, swapped.keywords[i + 1].value = values[i + 1], values[i]
        yield "arguments swapped", swapped
    if len(node.args) == 1 and not isinstance(node.args[0], ast.Starred):
        yield "call left out", node.args[0]


def of_statement(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A statement left out."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.Expr | ast.If | ast.For | ast.With) and not (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    ):
        yield "statement left out", ast.Pass()


def of_tuple(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Two parts of a returned tuple swapped."""
    if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
        parts = node.value.elts
        for i in range(len(parts) - 1):
            swapped = list(parts)
            swapped[i], swapped[i + 1] = swapped[i + 1], swapped[i]
            yield "parts swapped", ast.Return(ast.Tuple(swapped, ast.Load()))


OPERATORS = (of_binary, of_comparison, of_constant, of_unary, of_name, of_call, of_statement, of_tuple)


class Replace(ast.NodeTransformer):
    """Put one node in the place of another."""

    def __init__(self, old: ast.AST, new: ast.AST):
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        """Return the new node for the old one, and every other node with its own parts visited."""
        return self.new if node is self.old else self.generic_visit(node)


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of an answer's functions, each different from the answer and from those before."""
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen = {original}
    for position, node in enumerate(list(ast.walk(tree))):
        for operator in OPERATORS:
            for number, _ in enumerate(list(operator(node))):
                fresh = ast.parse(source)
                there = list(ast.walk(fresh))[position]
                name, new = list(operator(there))[number]
                # the new node may hold the old one's parts, but never the old one itself
                changed = ast.unparse(ast.fix_missing_locations(Replace(there, new).visit(fresh)))
                if changed in seen:
                    continue
                seen.add(changed)
                yield Mutant(name, *first_difference(original, changed), changed)


def first_difference(before: str, after: str) -> tuple[str, str]:
    """Return the first line that differs, as it was and as it became, without indentation.

    If the same line occurs twice in an answer, its number among them is added, so that each mutant has its own name.
    """
    old, new = before.split("\n"), after.split("\n")
    place = next(
        (i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)) - 1
    )
    again = old[:place].count(old[place])
    return old[place].strip() + (f"  # {again + 1}" if again else ""), new[place].strip()
