#!/bin/sh
# What a hijacked tender could do if a call slipped through its filter: each is made in one that lacks nothing but the filter.
. "${0%/*}/lib.sh"

category='without the filter'
partial=${BRIG_HVT%/*}/brig-partial
ln -s "$partial" without-seccomp-filter
echo secret >secret

start --mem=2 guests/sleep.hvt 100000000000
eventually asleep
neighbour=$tender

# unfiltered TEXT: a tender without the filter, its receipt in `receipt`; its command line ends in the text.
outer=-1
unfiltered() {
  : >receipt
  ./without-seccomp-filter --mem=2 --receipt=receipt guests/sleep.hvt 100000000000 "$1" >out 2>err <secret 9<secret &
  tender=$!
  # The receipt is written last.
  eventually test -s receipt
  eventually asleep
  memory=$(sed -n 's/.*"base": \([0-9]*\), "window".*/\1/p' receipt)
}

end() { kill -KILL "$tender"; wait "$tender" 2>/dev/null; }

# As the boot information has it, where there is no device, and behind the first argument and a space.
text_at=$((0x100a8 + 13))

one_attempt() {
  name=$1 wanted=$2 call=$3
  shift 3
  number=$("$HELPERS/call" "$call") || { untried "$category" "$name" "$wanted" "this processor has no $call"; return; }
  text=
  for word; do case $word in =*) text=${word#=} ;; esac; done
  unfiltered "$text"
  case $name in
    map-executable | make-guest-* | allow-executable)
      if [ "$(step memory-deny-write-execute)" != applied ]; then
        untried "$category" "$name" "$wanted" "this kernel has no memory-deny-write-execute"
        end
        return
      fi
      ;;
  esac
  words=
  for word; do
    case $word in
      =*) word=$((memory + text_at)) ;;
      memory) word=$memory ;;
      '{root}') word=$$ ;;
      '{neighbour}') word=$neighbour ;;
      '{init}') word=1 ;;
      '{itself}') word=$tender ;;
    esac
    words="$words $word"
  done
  seen=$(helper injector "$tender" "$number" $words | tr ' ' :)
  [ "$seen" != "returned:$tender" ] || seen='returned:{itself}'
  end
  attack "$category" "$name" "$wanted" "$seen"
}

while read -r line; do
  line=${line%%#*}
  [ -n "$line" ] || continue
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
