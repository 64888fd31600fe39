"""A plane: one bit of each of 512 pupils, as one value that Numba keeps in a register.

Numba knows no vectors, and what it makes of loops over words goes through memory between any two steps. So the type is
told to it here as LLVM's <8 x i64>: one register where the machine has some of 512 bits, else LLVM splits it.
Operations are lowered to the instruction itself, not to a call of a function, which keeps compiling short.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, cast

from llvmlite import ir
from numba import types
from numba.core.typing.templates import Signature
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

WORDS = 8
"""Words of a plane."""
ABREAST = 64 * WORDS
"""Pupils side by side."""
BYTES = 8 * WORDS
"""Of a plane."""

Plane = Any
"""A value of the type below, as Python's hints see it."""
Planes = Any
"""An array of words, `WORDS` a plane, that begins where a cache line does (`rows`)."""

_WIDE = ir.VectorType(ir.IntType(64), WORDS)
_HALVES = ir.VectorType(ir.IntType(32), 2 * WORDS)
_ALL = 0xFFFFFFFFFFFFFFFF


class _PlaneType(types.Type):
    def __init__(self) -> None:
        super().__init__(name="Plane")


_plane: Any = _PlaneType()


@register_model(_PlaneType)
class _Model(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _WIDE)  # type: ignore[no-untyped-call]


def _wide(value: int) -> Any:
    return ir.Constant(_WIDE, [value] * WORDS)


def _halves(value: int) -> Any:
    return ir.Constant(_HALVES, [value] * 2 * WORDS)


_lowers = cast("Callable[..., Callable[[Callable[..., Any]], Any]]", lower_builtin)


def _operator(of: Callable[..., Any], name: str) -> None:
    """Let Python's operator on two planes be an instruction."""

    @type_callable(of)
    def typed(_: Any) -> Callable[..., Any]:
        return lambda a, b: _plane if isinstance(a, _PlaneType) and isinstance(b, _PlaneType) else None

    @_lowers(of, _PlaneType, _PlaneType)
    def lowered(_: Any, builder: Any, __: Signature, args: Any) -> Any:
        return getattr(builder, name)(*args)


for _of, _name in (
    (operator.and_, "and_"),
    (operator.or_, "or_"),
    (operator.xor, "xor"),
    (operator.add, "add"),
    (operator.mul, "mul"),
):
    _operator(_of, _name)


@type_callable(operator.invert)
def _typed_invert(_: Any) -> Callable[..., Any]:
    return lambda a: _plane if isinstance(a, _PlaneType) else None


@_lowers(operator.invert, _PlaneType)
def _invert(_: Any, builder: Any, __: Signature, args: Any) -> Any:
    return builder.xor(args[0], _wide(_ALL))


def _constant(value: int) -> Callable[[], Plane]:
    def made(_: Any) -> tuple[Signature, Callable[..., Any]]:
        return _plane(), lambda *_: _wide(value)

    return cast("Callable[[], Plane]", intrinsic(made))


none = _constant(0)
"""A plane with no bit set."""
every = _constant(_ALL)
"""A plane with all bits set."""


def _same(_: Any, word: Any) -> tuple[Signature, Callable[..., Any]]:
    def generate(context: Any, builder: Any, signature: Signature, args: Any) -> Any:
        wide = context.cast(builder, args[0], signature.args[0], types.uint64)
        blank, first = ir.Constant(_WIDE, ir.Undefined), ir.Constant(ir.IntType(32), 0)
        places = ir.Constant(ir.VectorType(ir.IntType(32), WORDS), [0] * WORDS)
        return builder.shuffle_vector(builder.insert_element(blank, wide, first), blank, places)

    return _plane(word), generate


same = cast("Callable[[Any], Plane]", intrinsic(_same))
"""One word of 64 bits in all places of a plane."""


def _shift(made: Callable[[Any, Any, int], Any]) -> Callable[[Plane, int], Plane]:
    """A shift by a number that is known when it is compiled."""

    def shift(_: Any, plane: Any, by: Any) -> tuple[Signature, Callable[..., Any]] | None:
        if not isinstance(by, types.Literal):
            return None
        return _plane(plane, by), lambda _, builder, __, args: made(builder, args[0], by.literal_value)

    return cast("Callable[[Plane, int], Plane]", intrinsic(shift))


def _in_halves(made: Callable[[Any, Any, int], Any]) -> Callable[[Any, Any, int], Any]:
    return lambda b, x, by: b.bitcast(made(b, b.bitcast(x, _HALVES), by), _WIDE)


up = _shift(lambda b, x, by: b.shl(x, _wide(by)))
"""Each word of 64 bits shifted to the left."""
down = _shift(lambda b, x, by: b.lshr(x, _wide(by)))
"""Each word of 64 bits shifted to the right."""
up32 = _shift(_in_halves(lambda b, x, by: b.shl(x, _halves(by))))
"""Each half of a word shifted to the left."""
down32 = _shift(_in_halves(lambda b, x, by: b.lshr(x, _halves(by))))
"""Each half of a word shifted to the right."""
turned32 = _shift(_in_halves(lambda b, x, by: b.or_(b.shl(x, _halves(by)), b.lshr(x, _halves(32 - by)))))
"""Each half of a word with its bits turned left."""


def _add32(_: Any, a: Any, b: Any) -> tuple[Signature, Callable[..., Any]]:
    def generate(_: Any, builder: Any, __: Signature, args: Any) -> Any:
        return builder.bitcast(builder.add(*(builder.bitcast(x, _HALVES) for x in args)), _WIDE)

    return _plane(a, b), generate


add32 = cast("Callable[[Plane, Plane], Plane]", intrinsic(_add32))
"""Sums of the halves of words."""


def _some(_: Any, plane: Any) -> tuple[Signature, Callable[..., Any]]:
    def generate(_: Any, builder: Any, __: Signature, args: Any) -> Any:
        words = builder.bitcast(builder.icmp_unsigned("!=", args[0], _wide(0)), ir.IntType(WORDS))
        return builder.icmp_unsigned("!=", words, ir.Constant(ir.IntType(WORDS), 0))

    return types.boolean(plane), generate


some = cast("Callable[[Plane], bool]", intrinsic(_some))
"""Whether any bit is set."""


def _place(context: Any, builder: Any, signature: Signature, args: Any, apart: int) -> Any:
    """Where a plane lies: the `args[1]`-th of those that begin `apart` bytes after one another."""
    array = context.make_array(signature.args[0])(context, builder, args[0])
    at = context.cast(builder, args[1], signature.args[1], types.intp)
    first = builder.bitcast(array.data, ir.PointerType(ir.IntType(8)))
    return builder.bitcast(builder.gep(first, [builder.mul(at, ir.Constant(at.type, apart))]), ir.PointerType(_WIDE))


def _loading(apart: int) -> Callable[[Planes, Any], Plane]:
    def load(_: Any, array: Any, at: Any) -> tuple[Signature, Callable[..., Any]]:
        def generate(context: Any, builder: Any, signature: Signature, args: Any) -> Any:
            return builder.load(_place(context, builder, signature, args, apart), align=BYTES)

        return _plane(array, at), generate

    return cast("Callable[[Planes, Any], Plane]", intrinsic(load))


load = _loading(BYTES)
"""The plane in a row."""
fetch = _loading(1)
"""The plane that begins at a byte: a row times `BYTES`, multiplied beforehand."""


def _store(_: Any, array: Any, at: Any, plane: Any) -> tuple[Signature, Callable[..., Any]]:
    def generate(context: Any, builder: Any, signature: Signature, args: Any) -> Any:
        builder.store(args[2], _place(context, builder, signature, args, BYTES), align=BYTES)
        return context.get_dummy_value()

    return types.void(array, at, plane), generate


store = cast("Callable[[Planes, Any, Plane], None]", intrinsic(_store))
"""Put a plane into a row."""
