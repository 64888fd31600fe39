"""`misread rule`: what it prints is what the engine says."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from misread.cli import cli
from misread.engine.chain.rules import k_of_last


def call(*args):
    done = CliRunner().invoke(cli, [*map(str, args)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def test_a_rule_as_table_is_the_automaton():
    found = json.loads(call("rule", "3 of last 6", "--json"))
    machine = k_of_last(3, 6, "clear", "at_flag")
    assert len(found["states"]) == machine.size
    for hits in ([1, 1, 1], [1, 0, 0, 0, 0, 1, 0, 1], [1, 0, 1, 0, 0, 0, 1, 1], [0] * 9):
        state, at, flags, want = 0, 0, [], []
        for hit in hits:
            step = found["states"][state]["on_hit" if hit else "on_miss"]
            flags.append(step["flag"])
            state = step["to"]
            want.append(bool(machine.event[at, hit, 0]))
            at = machine.next[at, hit, 0]
        assert flags == want


@pytest.mark.parametrize("after", ["clear", "mute lesson", "keep"])
def test_a_rule_as_picture(after):
    shown = call("rule", "2 of last 3", "--after", after)
    assert "⚑" in shown
    states = json.loads(call("rule", "2 of last 3", "--after", after, "--json"))["states"]
    for row in states:
        assert f"S{row['state']}" in shown
    assert ("muted" in shown) == (after == "mute lesson")


def test_a_rule_for_graphviz():
    dot = call("rule", "run of 2", "--dot")
    assert dot.startswith("digraph")
    assert dot.count("->") == 4
