"""The evidence pack: everything behind a report in one file that can be run again anywhere (docs/pack.md)."""

from misread.report.pack.again import Difference, Verdict, verify
from misread.report.pack.folder import Pack, pack_folder, read_pack
from misread.report.pack.outputs import outputs, run_facts

__all__ = ["Difference", "Pack", "Verdict", "outputs", "pack_folder", "read_pack", "run_facts", "verify"]
