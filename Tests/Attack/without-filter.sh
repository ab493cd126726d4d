#!/bin/sh
# What a hijacked tender could do if a call slipped through its filter: each is made in one that lacks nothing but the filter.
#
# To add one: a row of without-filter.table; where a kernel may lack the layer, its names in the `case` of `one_attempt` too.
. "${0%/*}/lib.sh"

category='without the filter'
partial=${BRIG_HVT%/*}/brig-partial
echo secret >secret

start --mem=2 guests/sleep.hvt 100000000000
eventually asleep
neighbour=$tender

# What listens beside the tender, as a service of the host's does.
"$HELPERS/listen" sleep 1000000 >listening 2>err &
listener=$!
eventually test -s listening

# A prepared net namespace, and in it what another tender that was hijacked could listen at: a process of another user, in a user
# namespace of its own.
: >prepared
trap 'cd /; umount -l "$scratch/prepared" "$scratch/nodes" 2>/dev/null; rm -rf "$scratch"' EXIT
"$HELPERS/launcher" --namespaces=0x40000000 sh -c 'mount --bind /proc/$$/ns/net prepared' || fail 'no prepared net namespace'
"$HELPERS/launcher" --join=prepared --user=61005:61005 --namespaces=0x10000000 "$HELPERS/listen" --channels sleep 1000000 >channels 2>err &
other=$!
eventually test -s channels

# The launcher has a session keyring with a key of a secret in it, whose type and name are one word: a row has only one text. Where
# the kernel has no keys, it has none.
holder="$HELPERS/keys with user sixteen-secrets. key"
$holder /bin/true 2>err || holder=

# unfiltered TEXT: a tender without the layers that are lifted, its receipt in `receipt`; its command line ends in the text.
outer=-1 lifted=seccomp-filter net=own
unfiltered() {
  : >receipt
  [ -e "without-$lifted" ] || ln -s "$partial" "without-$lifted"
  $holder "./without-$lifted" --mem=2 --net-namespace=$net --receipt=receipt guests/sleep.hvt 100000000000 "$1" >out 2>err <secret 9<secret &
  tender=$!
  key=
  # The receipt is written last.
  eventually test -s receipt
  eventually asleep
  [ -z "$holder" ] || key=$(cat key)
  memory=$(sed -n 's/.*"base": \([0-9]*\), "window".*/\1/p' receipt)
}

end() { kill -KILL "$tender"; wait "$tender" 2>/dev/null; }

# As the boot information has it, where there is no device, and behind the first argument and a space.
text_at=$((0x100a8 + 13))

# word WORD: what it stands for.
word() {
  case $1 in
    =* | '{inet}' | '{unix}') echo $((memory + text_at)) ;;
    memory) echo "$memory" ;;
    '{root}') echo $$ ;;
    '{neighbour}') echo "$neighbour" ;;
    '{init}') echo 1 ;;
    '{itself}') echo "$tender" ;;
    '{first}') echo "$first" ;;
    '{key}') cat key ;;
    # What is in its memory is a hijacked tender's own to write.
    bytes:*)
      octets= rest=${1#bytes:}
      while [ -n "$rest" ]; do
        octets="$octets\\$(printf %03o "0x${rest%"${rest#??}"}")"
        rest=${rest#??}
      done
      printf "$octets" | dd of="/proc/$tender/mem" bs=1 seek="$memory" conv=notrunc 2>/dev/null
      echo "$memory"
      ;;
    *) echo "$1" ;;
  esac
}

# What a call returned, where each machine and each run has another number.
readable() {
  case $name:$1 in
    # It says 20 bytes, that this is all, where there is no socket to tell of.
    *-diag*:returned:20) ;;
    *-diag*:returned:[0-9][0-9]*) echo 'returned:{more}'; return ;;
  esac
  case $1 in
    "returned:$tender") echo 'returned:{itself}' ;;
    "returned:$key") echo 'returned:{key}' ;;
    # The lowest number that is free: which one that is depends on how the tender was started.
    returned:[3-9]) echo 'returned:{new}' ;;
    returned:[0-9]????????*) echo 'returned:{address}' ;;
    *) echo "$1" ;;
  esac
}

one_attempt() {
  name=$1 wanted=$2
  shift 2
  text= first=
  for word; do
    case $word in
      =*) text=${word#=} ;;
      # The family's number; what follows in memory is zero.
      '{inet}') text=$(printf '\002') ;;
      '{unix}') text=$(printf '\001') ;;
    esac
  done
  [ "$lifted" = seccomp-filter ] || name="$name (without ${lifted#seccomp-filter+})"
  unfiltered "$text"
  case $name in
    map-executable | make-guest-* | allow-executable) needed=memory-deny-write-execute ;;
    landlock*) needed=landlock ;;
    shared-memory*) needed=shared-memory ;;
    key-*) needed=session-keyring ;;
    *) needed= ;;
  esac
  case +$lifted+ in *"+$needed+"*) needed= ;; esac
  case $name in
    key-* | control-key-*)
      if [ -z "$holder" ]; then untried "$category" "$name" "$wanted" 'no keys here'; end; return; fi ;;
  esac
  case $name in
    *-diag*) if ! grep -q diag channels; then untried "$category" "$name" "$wanted" 'no unix_diag here'; end; return; fi ;;
  esac
  if [ -n "$needed" ] && [ "$(step $needed)" != applied ]; then
    untried "$category" "$name" "$wanted" "no $needed here"
    end
    return
  fi
  # What a domain is made of depends on the kernel: landlockN-* wants version N at least, beside-landlockN-* N at most.
  version=$(sed -n 's/.*"landlock_abi": \([0-9]*\).*/\1/p' receipt) limit=${name#*landlock} limit=${limit%%-*}
  case $name in
    landlock[0-9]*-*) is_there=$((version >= limit)) ;;
    beside-landlock[0-9]*-*) is_there=$((version <= limit)) ;;
    *) is_there=1 ;;
  esac
  if [ $is_there = 0 ]; then
    untried "$category" "$name" "$wanted" "Landlock's version is $version here"
    end
    return
  fi
  # One call after another, with ; between: what the first returned is the others' {first}.
  while [ $# -gt 0 ]; do
    number=$("$HELPERS/call" "$1") || { untried "$category" "$name" "$wanted" "this processor has no $1"; end; return; }
    shift
    words=
    while [ $# -gt 0 ] && [ "$1" != ';' ]; do words="$words $(word "$1")"; shift; done
    [ $# = 0 ] || shift
    seen=$(helper injector "$tender" "$number" $words | tr ' ' :)
    first=${first:-${seen#returned:}}
  done
  seen=$(readable "$seen")
  end
  attack "$category" "$name" "$wanted" "$seen"
}

while read -r line; do
  line=${line%%#*}
  [ -n "$line" ] || continue
  case $line in
    lifted\ *) lifted=seccomp-filter+${line#lifted } net=own; continue ;;
    prepared\ *) lifted=seccomp-filter+${line#prepared } net=$PWD/prepared; continue ;;
  esac
  if [ -x "$partial" ]; then
    one_attempt $line
  else
    set -- $line
    untried "$category" "$1" "$2" "no brig-partial here"
  fi
done <"$here/without-filter.table"
kill -TERM "$neighbour" "$listener" "$other"
wait "$neighbour" "$listener" "$other"
exit 0
