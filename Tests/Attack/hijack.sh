#!/bin/sh
# A hostile unikernel that has got the tender to run its code: what it tries, and what its memory tells.
#
# To add one: a row of hijack.table; for what isn't a call, a line `attack hijack NAME EXPECTED SEEN` here.
. "${0%/*}/lib.sh"

tap attack0
disk disk 1048576
disk fresh 1048576

# The other tender, and what must not change of it.
start --mem=2 guests/sleep.hvt 100000000000
eventually asleep
neighbour=$tender
state_of_neighbour() { grep -E '^(State|Uid|Cpus_allowed|SigPnd)' "/proc/$neighbour/status"; cat "/proc/$neighbour/limits"; }
state_of_neighbour >before

errors=err outside=
# hijack OPTION... -- WORD...: the probe with the guest; leaves `status`, out and err.
hijack() {
  tender_options_=
  while [ "$1" != -- ]; do tender_options_="$tender_options_ $1"; shift; done
  shift
  $outside "$BRIG_PROBE" --hijack --mem=4 $tender_options_ --net:service=attack0 guests/hijack.hvt "$@" 2>"$errors" </dev/null
}

# What came of an attempt whose status and output are at hand.
outcome() {
  case $status in
    159) seen=killed ;;
    0) seen=$(sed -n 's/.*returned \(-*[0-9]*\)$/returned:\1/p' out) ;;
    *) seen=exited:$status ;;
  esac
}

one_attempt() {
  name=$1 wanted=$2 call=$3
  shift 3
  number=$("$HELPERS/call" "$call") || { untried hijack "$name" "$wanted" "this processor has no $call"; return; }
  case $name in
    # The limit on file sizes is there when neither output nor errors go to a regular file.
    disk-over-end)
      { errors=/dev/null; hijack --block:storage=disk -- call "$number" "$@"; echo $? >code; } | cat >out
      status=$(cat code)
      ;;
    *) hijack --block:storage=disk -- call "$number" "$@" >out; status=$? ;;
  esac
  outcome
  case $name in
    disk-over-end) [ "$(stat -c %s disk)" = 1048576 ] || seen="$seen, disk of $(stat -c %s disk) bytes" ;;
    disk-over-end-logged) [ "$(stat -c %s disk)" -le 2097151 ] || seen="$seen, disk of $(stat -c %s disk) bytes"; cp fresh disk ;;
  esac
  attack hijack "$name" "$wanted" "$seen"
}

while read -r line; do
  line=${line%%#*}
  [ -n "$line" ] || continue
  one_attempt $(printf '%s\n' "$line" | sed "s/{launcher}/$$/g; s/{neighbour}/$neighbour/g")
done <"$here/hijack.table"

# Under an outer filter that answers the same call more mildly, or as hard.
number=$("$HELPERS/call" ptrace)
for action in errno:1 trap:trap kill:kill; do
  outside="$HELPERS/launcher --deny=ptrace=${action#*:}"
  hijack --block:storage=disk -- call "$number" 16 1 >out; status=$?
  outcome
  attack hijack "under-outer-filter-${action%%:*}" killed "$seen"
done
outside=

state_of_neighbour >after
attack hijack neighbour-afterwards 'as before' "$(cmp -s before after && echo 'as before' || echo "$(diff before after | oneline)")"
kill -TERM "$neighbour"
wait "$neighbour"

# A tender without the hypercalls ends such a guest.
"$BRIG_HVT" --mem=4 --block:storage=disk --net:service=attack0 guests/hijack.hvt call 39 >out 2>err
attack hijack tender-without-probe 'exited:1, Invalid guest access' \
  "exited:$?, $(sed -n 's/^brig-hvt: \(Invalid guest\) [a-z]* \(access\): [a-z]*=0x[0-9a-f]*$/\1 \2/p' err)"

# Filling memory: the guest has what --mem says, and the tender a little more.
"$BRIG_PROBE" --hijack --mem=64 --block:storage=disk --net:service=attack0 guests/hijack.hvt fill >out 2>err &
tender=$!
eventually said filled
peak=$(field VmHWM | cut -d ' ' -f 1)
attack hijack fill-guest-memory 'within --mem and 4 MiB' \
  "$([ "$peak" -gt 61440 ] && [ "$peak" -lt $((68 << 10)) ] && echo 'within --mem and 4 MiB' || echo "$peak KiB")"
kill -TERM "$tender"
wait "$tender"

# Copying the tender's memory out succeeds by design: what matters is that there is nothing in it.
mkdir dir-marker-path
cp "$BRIG_PROBE" dir-marker-path/brig-probe
cp guests/hijack.hvt dir-marker-path/marker-image
cp guests/sleep.hvt dir-marker-path/marker-other-image
echo marker-other-content >>dir-marker-path/marker-other-image
echo marker-input-content >input
echo marker-stray-content >stray
disk marker-disk 1048576
printf marker-disk-content | dd of=marker-disk bs=1 seek=524288 conv=notrunc 2>/dev/null
tap tapmarker0
# Meanwhile the other image runs, in a tender that has an argument of its own.
start --mem=2 dir-marker-path/marker-other-image 100000000000 marker-other-argument
eventually asleep
other=$tender

# with_markers COMMAND [ARG]...: in the folder with the program, with markers in its environment and descriptors.
with_markers() {
  cd dir-marker-path && exec env -i PATH="$PATH" MARKER_NAME=marker-environment TMPDIR=marker-temporary \
    GLIBC_TUNABLES=marker-tunable=1 "$@" <../input 6<../stray
}
options='--hijack --mem=4 --receipt=../marker-receipt --block:storage=../marker-disk --net:service=tapmarker0 --no-net-ring'
( with_markers ./brig-probe $options -- marker-image dump ) >dump 2>err &
tender=$!
eventually asleep
base=$(sed -n 's/.*"base": \([0-9]*\), "window": \([0-9]*\),.*/\1/p' marker-receipt)
window=$(sed -n 's/.*"base": \([0-9]*\), "window": \([0-9]*\),.*/\2/p' marker-receipt)
# ranges_of PROCESS: every page that can be read, but for the guest's own and the kernel's clock pages.
ranges_of() {
  while read -r range access _ _ _ name; do
    case $access$name in -* | *vvar* | *vsyscall*) continue ;; esac
    start=$(printf %d "0x${range%-*}")
    [ "$start" -ge "$base" ] && [ "$start" -lt $((base + window)) ] && continue
    echo "${range%-*} ${range#*-}"
  done <"/proc/$1/maps"
}
ranges_of "$tender" >ranges
dd if=ranges of=marker-disk conv=notrunc 2>/dev/null
finish
# All of it, however small the program is.
bytes=0
while read -r first end; do bytes=$((bytes + 0x$end - 0x$first)); done <ranges
attack hijack copy-memory-to-console 'succeeds by design' \
  "$([ $status = 0 ] && [ $bytes -gt 0 ] && [ "$(stat -c %s dump)" -ge $bytes ] && echo 'succeeds by design' || echo "status $status, $(stat -c %s dump) bytes, $(oneline <err)")"
# found DUMP TEXT: whether a text is anywhere in it. BusyBox's grep looks no further in a line than its first zero byte.
found() { tr '\0' '\n' <"$1" | grep -a -q -F -e "$2" && echo found || echo 'not there'; }
# That the search finds what is there.
attack hijack dump-has-program-name found "$(found dump brig-probe)"
markers='environment:marker-environment environment-name:MARKER_NAME environment-of-library:marker-tunable
  temporary-directory:marker-temporary path-of-program:dir-marker-path image:marker-image other-image:marker-other-image
  other-image-content:marker-other-content receipt-path:marker-receipt disk-path:marker-disk
  disk-content:marker-disk-content tap-name:tapmarker0 standard-input:marker-input stray-descriptor:marker-stray
  argument:../marker search-path:PATH='
for marker in $markers other-argument:marker-other-argument; do
  attack hijack "secret-${marker%%:*}" 'not there' "$(found dump "${marker#*:}")"
done

# The same search of processes that have the markers: a shell, launched like the tender, that has read the contents too, and
# the tender of the other image, whose guest has its argument.
# dump_of PROCESS
dump_of() {
  base=0 window=0
  ranges_of "$1" | while read -r first end; do
    at=$((0x$first)) rest=$((0x$end - 0x$first))
    # As much as the helper reads at a time.
    while [ "$rest" -gt 0 ]; do
      helper memory "$1" read "$at" $((rest < 1048576 ? rest : 1048576))
      at=$((at + 1048576)) rest=$((rest - 1048576))
    done
  done
}
mkfifo end
( with_markers sh -c '
  input=$(cat) stray=$(cat <&6) other=$(tail -n 1 marker-other-image)
  disk=$(dd if=../marker-disk bs=1 skip=524288 count=19 2>/dev/null)
  echo ready
  read -r _ <../end' dir-marker-path/brig-probe $options -- marker-image dump marker-other-image ) >out 2>err &
holder=$!
eventually said ready
dump_of "$holder" >dump-of-holder
echo >end
wait "$holder"
for marker in $markers; do
  attack hijack "control: a process with it: ${marker%%:*}" found "$(found dump-of-holder "${marker#*:}")"
done
dump_of "$other" >dump-of-other
attack hijack 'control: a process with it: other-argument' found "$(found dump-of-other marker-other-argument)"
kill -TERM "$other"
wait "$other"
rm -rf dir-marker-path
[ -z "${KEEP:-}" ] || cp dump ranges "$KEEP"

# The same through the network: a part of the fixed block, with the program's name.
"$HELPERS/capture" attack0 0x88b5 >frame 2>err.capture &
listener=$!
eventually grep -qs listening err.capture
hijack --block:storage=disk -- send message+0x400 100 >out; status=$?
wait "$listener"
attack hijack copy-memory-to-network 'succeeds by design' \
  "$(said 'sent 0' && grep -a -q brig-probe frame && echo 'succeeds by design' || echo "status $status, $(oneline <out), $(oneline <err.capture)")"
