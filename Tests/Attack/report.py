"""report.py DEATHS ATTACKS SECONDS: writes what `brig attack --json` and the attacks' lines say as one page of Markdown.

Status 1 where anything came out otherwise than expected. The page is the same from run to run but for lines that begin
with `Machine: `, `Kernel: ` or `Time: `.
"""

import json
import os
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


def processor():
    with open("/proc/cpuinfo") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.machine()


def cell(text):
    return text.replace("|", "\\|")


def row(*cells):
    print("| " + " | ".join(cell(str(text)) for text in cells) + " |")


def table(*names):
    row(*names)
    row(*["---"] * len(names))


def death_rows(deaths):
    """The figures of each target and category."""
    for target in deaths["targets"]:
        for figures in target["categories"]:
            yield target["target"], figures


def main():
    deaths = json.load(open(sys.argv[1]))
    attacks = [line.rstrip("\n").split("\t") for line in open(sys.argv[2])]
    broken = [line for line in attacks if len(line) != 5]
    if broken:
        sys.exit(f"attack: not CATEGORY, ATTACK, EXPECTED, SEEN and a verdict with tabs between: {broken[0]}")

    sums = {name: 0 for name in ("tried", "died", "refused", "skipped", "lived", "wrong")}
    for _, figures in death_rows(deaths):
        for name in sums:
            sums[name] += figures[name]
    categories = list(dict.fromkeys(line[0] for line in attacks))

    print("# What was attacked, and what came of it\n")
    print("Made by `make attack`; [`docs/attack.md`](../docs/attack.md) says how. A change of the results shows as a")
    print("change of this page. Lines about the machine and the time may differ.\n")
    print(f"Machine: {processor()}, {os.cpu_count()} processors\n")
    print(f"Kernel: {platform.system()} {platform.release()} {platform.machine()}; of the calls that were stopped it",
          f"refused {sums['refused']} without asking a filter, and {sums['skipped']} for want of 32-bit system calls\n")
    print(f"Time: {sys.argv[3]} s, of which the death test {round(deaths['milliseconds'] / 1000)} s\n")

    table("category", "tried", "as expected", "otherwise", "not tried")
    row("death test", sums["tried"], sums["tried"] - sums["wrong"] - sums["skipped"], sums["wrong"], sums["skipped"])
    for category in categories:
        verdicts = [line[4] for line in attacks if line[0] == category]
        row(category, len(verdicts), verdicts.count("ok"), verdicts.count("FAIL"), verdicts.count("skip"))

    print("\n## The death test\n")
    print("Each attempt is a tender of its own, sealed, with real KVM, TAP and disk, that makes one system call. *Died*: the")
    print("whole process, by `SIGSYS`. *Refused*: by the kernel, without asking a filter. *Not tried*: for want of 32-bit system")
    print("calls. What *must be stopped* came to one of these.\n")
    table("devices", "attempts", "tried", "died", "refused", "not tried", "survived", "must be stopped", "must survive",
          "otherwise")
    for target, figures in death_rows(deaths):
        row(target, TITLES[figures["category"]], figures["tried"], figures["died"], figures["refused"], figures["skipped"],
            figures["lived"], figures["tried"] - figures["must_live"], figures["must_live"], figures["wrong"])
    for target in deaths["targets"]:
        for wrong in target["wrong"]:
            print(f"\n**{target['target']}: {wrong['name']}** (`{wrong['call']}`): {wrong['seen']},",
                  f"expected: {wrong['expected']}")

    for category in categories:
        print(f"\n## {category[0].upper()}{category[1:]}\n")
        table("attack", "expected", "seen")
        for _, attack, expected, seen, verdict in (line for line in attacks if line[0] == category):
            row(attack, expected, seen if verdict == "ok" else f"**{seen}**" if verdict == "FAIL" else f"not tried: {seen}")

    return 1 if sums["wrong"] > 0 or any(line[4] == "FAIL" for line in attacks) else 0


sys.exit(main())
