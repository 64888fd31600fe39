"""How kernels are compiled: without the interpreter's lock, one core each, kept on disk for the next start."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit, types
from numba.core.typing.templates import Signature
from numba.extending import intrinsic

Function = TypeVar("Function", bound=Callable[..., Any])


def kernel(function: Function) -> Function:
    """Compile a function that Python calls, at its first call."""
    return cast("Function", njit(nogil=True, cache=True, error_model="numpy")(function))


def part(function: Function) -> Function:
    """Compile a function that only kernels call, as a part of each of them: nothing of its own is kept."""
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "error_model": "numpy"}
    return cast("Function", njit(nogil=True, **options)(function))


def _popcount(_: Any, word: types.Integer) -> tuple[Signature, Callable[..., Any]]:
    def generate(_: Any, builder: Any, __: Signature, args: Any) -> Any:
        return builder.ctpop(args[0])

    return word(word), generate


popcount: Callable[[Any], Any] = cast("Callable[[Any], Any]", intrinsic(_popcount))
"""Bits that are set in a word."""
