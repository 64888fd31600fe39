"""What both engines run: a deployment compiled to tables, and its rules to automata."""

from misread.engine.chain.compile import compile_chain, compile_rules, joined, stacked
from misread.engine.chain.model import AnyRule, Chain, CompiledRule, Emissions, RankedRule, TraitLevels

__all__ = [
    "AnyRule",
    "Chain",
    "CompiledRule",
    "Emissions",
    "RankedRule",
    "TraitLevels",
    "compile_chain",
    "compile_rules",
    "joined",
    "stacked",
]
