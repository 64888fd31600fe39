"""How kernels are compiled: without the interpreter's lock, one core each, kept on disk for the next start."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from llvmlite import ir
from numba import njit, types
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function that Python calls, at its first call."""
    return _kept(function, {})


def kernel_in_place(function: Function) -> Function:
    """As `kernel`, for one that makes no array: references, which would take most of the time, are not counted."""
    return _kept(function, {"_nrt": False})


def _kept(function: Function, options: dict[str, Any]) -> Function:
    # What was compiled is found by the function's name and its own file's date, which says nothing of its parts.
    function.__qualname__ += f".{_sources()}"
    return cast("Function", njit(nogil=True, cache=True, error_model="numpy", **options)(function))


@cache
def _sources() -> str:
    """A word for the text of all that is compiled."""
    engine = Path(__file__).parents[1]
    files = [
        engine / "keys.py",
        engine / "tables.py",
        *sorted(engine.glob("kernels/**/*.py")),
        *sorted(engine.glob("laws/*.py")),
    ]
    return f"{zlib.crc32(b''.join(file.read_bytes() for file in files)):08x}"


def part(function: Function) -> Function:
    """Compile a function that only kernels call, as a part of each of them: nothing of its own is kept.

    It makes no array, and counts no references to those it is given.
    """
    return _part(function, {})


def part_in_line(function: Function) -> Function:
    """As `part`, for a short one that is called so often that calling takes longer than what it does."""
    return _part(function, {"forceinline": True})


def _part(function: Function, options: dict[str, Any]) -> Function:
    options |= {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy", "_nrt": False}
    return cast("Function", njit(nogil=True, **options)(function))


def _popcount(_: Any, word: types.Integer) -> tuple[Signature, Callable[..., Any]]:
    def generate(_: Any, builder: Any, __: Signature, args: Any) -> Any:
        return builder.ctpop(args[0])

    return word(word), generate


def _leading_zeros(_: Any, word: types.Integer) -> tuple[Signature, Callable[..., Any]]:
    def generate(_: Any, builder: Any, __: Signature, args: Any) -> Any:
        return builder.ctlz(args[0], ir.Constant(ir.IntType(1), 0))

    return word(word), generate


def _shifted(builder_name: str) -> Callable[..., Any]:
    def shift(_: Any, word: types.Integer, by: types.Integer) -> tuple[Signature, Callable[..., Any]]:
        def generate(context: Any, builder: Any, signature: Signature, args: Any) -> Any:
            own, other = signature.args
            return getattr(builder, builder_name)(args[0], context.cast(builder, args[1], other, own))

        return word(word, by), generate

    return shift


left: Callable[[Any, Any], Any] = cast("Callable[[Any, Any], Any]", intrinsic(_shifted("shl")))
"""A word shifted to the left by fewer places than it has. Unlike Numba's `<<`, a word of 32 bits stays one of 32 bits,
so that a vector takes twice as many."""

right: Callable[[Any, Any], Any] = cast("Callable[[Any, Any], Any]", intrinsic(_shifted("lshr")))
"""As `left`, to the right."""

popcount: Callable[[Any], Any] = cast("Callable[[Any], Any]", intrinsic(_popcount))
"""Bits that are set in a word."""

leading_zeros: Callable[[Any], Any] = cast("Callable[[Any], Any]", intrinsic(_leading_zeros))
"""Bits above the highest that is set."""
