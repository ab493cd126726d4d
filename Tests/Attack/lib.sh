# What the attacks are written in: each source prints lines of CATEGORY, ATTACK, EXPECTED, SEEN and ok, FAIL or skip, with
# tabs between them.
#
# To add one: a source NAME.sh beside this one that reads it first, and calls `attack` or `untried` once for each attempt.

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
ARCH=$(uname -m)
BRIG_HVT=${BRIG_HVT:-$root/bin/brig-hvt}
BRIG_PROBE=${BRIG_PROBE:-$root/bin/brig-probe}
GUESTS=${GUESTS:-$root/bin/guests/$ARCH}
HELPERS=${HELPERS:-$root/bin/integration/$ARCH}
SLOWNESS=${SLOWNESS:-1}
PATIENCE=${PATIENCE:-3}
listing=no selected=
. "$root/Tests/Integration/stage.sh"
. "$root/Tests/Integration/lib.sh"

for needed in "$BRIG_HVT" "$BRIG_PROBE" "$GUESTS/hijack.hvt" "$HELPERS/sandbox"; do
  [ -e "$needed" ] || { echo "attack: $needed is missing: make attack-programs" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo "attack: be root" >&2; exit 2; }

# A folder of its own, which is left behind empty.
scratch=$(mktemp -d "${TMPDIR:-/tmp}/brig-attack.XXXXXX")
chmod 755 "$scratch"
cd "$scratch" || exit 2
trap 'cd /; umount -l "$scratch/nodes" 2>/dev/null; rm -rf "$scratch"' EXIT
stage "$scratch/stage" || exit 2
cp "$BRIG_PROBE" "$scratch/stage/bin/" || exit 2
BRIG_PROBE=$scratch/stage/bin/${BRIG_PROBE##*/}
ln -s "$GUESTS" guests

# attack CATEGORY ATTACK EXPECTED SEEN: prints a line, with the verdict that the two are the same, or that what was seen is one
# of several that are expected with | between.
attack() {
  verdict_=FAIL
  case "|$3|" in *"|$4|"*) verdict_=ok ;; esac
  printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$verdict_"
}
# untried CATEGORY ATTACK EXPECTED WHY
untried() { printf '%s\t%s\t%s\t%s\tskip\n' "$1" "$2" "$3" "$4"; }
# A test's failure ends the source with a line.
fail() { printf 'attack\t%s\tto be tried\t%s\tFAIL\n' "${0##*/}" "$*"; exit 1; }
