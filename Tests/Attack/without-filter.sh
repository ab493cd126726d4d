#!/bin/sh
# What a hijacked tender could do if a call slipped through its filter: each is made in one that lacks nothing but the filter.
. "${0%/*}/lib.sh"

category='without the filter'
partial=${BRIG_HVT%/*}/brig-partial
echo secret >secret

start --mem=2 guests/sleep.hvt 100000000000
eventually asleep
neighbour=$tender

# unfiltered TEXT: a tender without the layers that are lifted, its receipt in `receipt`; its command line ends in the text.
outer=-1 lifted=seccomp-filter
unfiltered() {
  : >receipt
  [ -e "without-$lifted" ] || ln -s "$partial" "without-$lifted"
  "./without-$lifted" --mem=2 --receipt=receipt guests/sleep.hvt 100000000000 "$1" >out 2>err <secret 9<secret &
  tender=$!
  # The receipt is written last.
  eventually test -s receipt
  eventually asleep
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
    *) echo "$1" ;;
  esac
}

# What a call returned, where each machine and each run has another number.
readable() {
  case $1 in
    "returned:$tender") echo 'returned:{itself}' ;;
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
    landlock-*) needed=landlock ;;
    shared-memory*) needed=shared-memory ;;
    *) needed= ;;
  esac
  case +$lifted+ in *"+$needed+"*) needed= ;; esac
  if [ -n "$needed" ] && [ "$(step $needed)" != applied ]; then
    untried "$category" "$name" "$wanted" "no $needed here"
    end
    return
  fi
  case $name in
    landlock-bind-port* | landlock-connect*)
      if [ "$(receipt landlock_abi)" -lt 4 ]; then
        untried "$category" "$name" "$wanted" "this kernel's Landlock knows no ports"
        end
        return
      fi
      ;;
  esac
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
    lifted\ *) lifted=seccomp-filter+${line#lifted }; continue ;;
  esac
  if [ -x "$partial" ]; then
    one_attempt $line
  else
    set -- $line
    untried "$category" "$1" "$2" "no brig-partial here"
  fi
done <"$here/without-filter.table"
kill -TERM "$neighbour"
wait "$neighbour"
exit 0
