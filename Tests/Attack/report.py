"""report.py DEATHS ATTACKS SECONDS: sums up what `brig attack --json` and the attacks' lines say, as one page of Markdown.

What stands before the heading "On this machine" is the same on each machine, and from run to run; what stands behind it is the same
from run to run on one machine and kernel, but for the time. Status 1 where anything came out otherwise than expected, or where
a category has nothing that came out as expected: standard error names it, for all of it was skipped.
"""

import collections
import json
import os
import pathlib
import platform
import sys

TITLES = {
    "number": "numbers 0 to 1023",
    "unasked": "numbers that newer kernels ask no filter about",
    "beyond": "numbers that no table has",
    "x32": "x32 interface",
    "i386": "i386 interface",
    "outside": "an argument just outside its condition",
    "inside": "an argument just inside",
}
ATTACK_FIELDS = "category", "name", "expected", "seen", "verdict"
Attack = collections.namedtuple("Attack", ATTACK_FIELDS)


def processor():
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def row(*cells):
    print("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")


def table(*names):
    row(*names)
    row(*["---"] * len(names))


def sums(figures, key):
    """The death test's figures, added up by a key."""
    added = {}
    for target, category in figures:
        numbers = added.setdefault(key(target, category), collections.Counter())
        numbers.update({name: value for name, value in category.items() if isinstance(value, int)})
    return added


def death_table(name, added):
    table(name, "attempts", "must be stopped", "must survive")
    for title, numbers in added.items():
        row(title, numbers["tried"], numbers["tried"] - numbers["must_live"], numbers["must_live"])


def read_attacks(path):
    attacks = []
    for line in open(path):
        cells = line.rstrip("\n").split("\t")
        if len(cells) != len(ATTACK_FIELDS):
            sys.exit(f"attack: not CATEGORY, ATTACK, EXPECTED, SEEN and a verdict with tabs between: {cells}")
        attacks.append(Attack(*cells))
    return attacks


def virtualiser():
    """The module that runs guests: kvm_amd and kvm_intel by the processor's own means, kvm_pvm without them."""
    return " ".join(sorted(path.name for path in pathlib.Path("/sys/module").glob("kvm_*"))) or "the kernel itself"


def main():
    deaths = json.load(open(sys.argv[1]))
    attacks = read_attacks(sys.argv[2])
    figures = [(target["target"], category) for target in deaths["targets"] for category in target["categories"]]
    categories = list(dict.fromkeys(attack.category for attack in attacks))
    total = sums(figures, lambda target, category: "all")["all"]

    print("# What was attacked, and what came of it\n")
    print("Made by `make attack`; [`docs/attack.md`](../docs/attack.md) says how. Each attack has an expected result in the table that it comes")
    print("from, and one that comes out otherwise fails the run. `brig attack --list` lists the death test's attempts; `bin/attacks.txt`")
    print("has every other attack of the last run, a line each.\n")
    table("category", "attacks")
    row("death test", total["tried"])
    for category in categories:
        row(category, sum(attack.category == category for attack in attacks))

    print("\n## The death test\n")
    print("An attempt is a tender of its own, sealed, with real KVM, TAP and disk, that makes one system call. What must be stopped either")
    print("*died*, the whole process of `SIGSYS`, or was *refused* by the kernel, which asks no filter about that call.\n")
    death_table("devices", sums(figures, lambda target, category: target))
    print()
    death_table("attempt", sums(figures, lambda target, category: TITLES[category["category"]]))

    print("\n## On this machine\n")
    print(f"Machine: {processor()}, {os.cpu_count()} processors\n")
    print(f"Kernel: {platform.system()} {platform.release()} {platform.machine()}, KVM by {virtualiser()}\n")
    print(f"Time: {sys.argv[3]} s, of which the death test {round(deaths['milliseconds'] / 1000)} s\n")
    table("category", "as expected", "otherwise", "not tried")
    expected = {"death test": total["tried"] - total["wrong"] - total["skipped"]}
    row("death test", expected["death test"], total["wrong"], total["skipped"])
    for category in categories:
        verdicts = collections.Counter(attack.verdict for attack in attacks if attack.category == category)
        expected[category] = verdicts["ok"]
        row(category, verdicts["ok"], verdicts["FAIL"], verdicts["skip"])

    print("\nRemarkable:\n")
    print(f"- death test: {total['died']} died, {total['refused']} were refused, {total['lived']} survived, as they must")
    for target in deaths["targets"]:
        for wrong in target["wrong"]:
            print(f"- **otherwise**: {target['target']}: {wrong['name']} (`{wrong['call']}`):",
                  f"{wrong['seen']}; expected: {wrong['expected']}")
    for attack in attacks:
        if attack.verdict == "FAIL":
            print(f"- **otherwise**: {attack.category}: {attack.name}: {attack.seen}; expected: {attack.expected}")
    for attack in attacks:
        if attack.verdict == "skip":
            print(f"- not tried: {attack.category}: {attack.name}: {attack.seen}")

    empty = [category for category, number in expected.items() if number == 0]
    for category in empty:
        print(f"attack: {category}: nothing of it came out as expected", file=sys.stderr)
    return 1 if empty or total["wrong"] > 0 or any(attack.verdict == "FAIL" for attack in attacks) else 0


sys.exit(main())
