# What the cases are written in. A case file is read twice: to list its tests, and in a sandbox to run one of them.

# scenario NAME [FLAG]...: whether the test of this name is to be run now. Flags:
#   user      it needs no root, and is run as an ordinary user too
#   net       it has a network namespace of its own
#   limit=N   its time limit in seconds, 20 otherwise
#   fault     something around the tender goes wrong; what came of it belongs to the attacks' results
#   claim     it tests a claim that a reviewer would doubt; the same
scenario() {
  if [ $listing = yes ]; then echo "$case_file $*"; return 1; fi
  [ "$1" = "$selected" ]
}

pass() { exit 0; }
fail() { printf '%s\n' "$*"; exit 1; }
# Says something beside the result of a test that passes.
note() { printf 'note: %s\n' "$*"; }
skip() { printf '%s\n' "$*"; exit 77; }

# The name that the tender's messages begin with.
program=${BRIG_HVT##*/}

# helper NAME [ARG]...
helper() { name_=$1; shift; "$HELPERS/$name_" "$@"; }

# On one line and not too long, for messages.
oneline() { tr '\n' '|' | cut -c 1-300; }

# --- running a tender ---

# tender [ARG]...: runs it to its end; leaves `status` and the files `out` and `err`.
tender() {
  "$BRIG_HVT" "$@" >out 2>err </dev/null
  status=$?
}


# start [ARG]...: starts it; `tender` is its process id. `wrap` may hold a launcher's options.
start() {
  if [ -n "${wrap:-}" ]; then
    "$HELPERS/launcher" $wrap "$BRIG_HVT" "$@" >out 2>err </dev/null &
  else
    "$BRIG_HVT" "$@" >out 2>err </dev/null &
  fi
  tender=$!
}

# node NAME MAJOR MINOR PATH: covers a device node by one that everybody may open.
node() {
  mknod "nodes/$1" c "$2" "$3" && chmod 666 "nodes/$1" && mount --bind "nodes/$1" "$4" || skip "no device nodes here"
}
# ordinary_user [USER]: what is started next runs as one (61001), with nodes that it may open; the test itself stays root's.
ordinary_user() {
  mkdir nodes && mount -t tmpfs tmpfs nodes || skip "no mount here"
  node kvm 10 232 /dev/kvm
  node tun 10 200 /dev/net/tun
  chmod 777 .
  wrap=--user=${1:-61001}:61002
}

# finish: waits for the started tender; leaves `status`.
finish() { wait "$tender"; status=$?; }

# eventually COMMAND [ARG]...: fails the test unless the command succeeds within some seconds.
eventually() {
  case $1 in
    asleep | sealed)
      helper await "$tender" $((own_filters + 1 + ${outer:-0})) "$1" $((18 * SLOWNESS * PATIENCE)) && return
      fail "never $1: out <$(oneline <out)> err <$(oneline <err)>"
      ;;
  esac
  tries_=0
  until "$@"; do
    tries_=$((tries_ + 1))
    [ $tries_ -lt $((200 * SLOWNESS * PATIENCE)) ] || fail "in vain: $*: out <$(oneline <out)> err <$(oneline <err)>"
    sleep 0.03
  done
}

said() { grep -q -e "$1" out 2>/dev/null; }
complained() { grep -q -e "$1" err 2>/dev/null; }
gone() { ! [ -e "/proc/$tender/stat" ] || [ "$(state)" = Z ]; }

# A field of /proc/PID/status.
field() { sed -n "s/^$1:[[:space:]]*//p" "/proc/$tender/status"; }
# The process's state, a letter.
state() { sed 's/^.*) //' "/proc/$tender/stat" 2>/dev/null | cut -d ' ' -f 1; }
# own_user PID: the user of its own that a tender in these namespaces takes, by the rule of `User.automatic`.
own_user() {
  own_=$((0x78000000 | ($1 + ($(stat -L -c %i /proc/self/ns/pid) - 0xeffffffc) * (0x9e3779b1 >> 5)) & 0x7ffffff))
  awk -v own="$own_" -v pid="$1" '
    $1 <= own && own < $1 + $3 { mapped = 1 }
    $3 > count { first = $1; count = $3 }
    END { half = int(count / 2); print mapped ? own : first + half + pid % (count - half) }' /proc/self/uid_map
}
# Its CPU time so far in clock ticks.
ticks() { sed 's/^.*) //' "/proc/$tender/stat" | { read -r _ _ _ _ _ _ _ _ _ _ _ user_ system_ _; echo $((user_ + system_)); }; }

# The size of this machine's pages in bytes.
page_size() { awk '/^KernelPageSize/ { print $2 * 1024; exit }' /proc/self/smaps; }

own_filters=$(sed -n 's/^Seccomp_filters:[[:space:]]*//p' /proc/self/status)
# For shells that start the tender themselves: await PID "$SEALED" sealed SECONDS.
export SEALED=$((own_filters + 1))
sealed() { [ "$(field Seccomp_filters)" = $((own_filters + 1 + ${outer:-0})) ]; }
asleep() { sealed && [ "$(state)" = S ]; }

# --- what is expected ---

# is WHAT GOT WANTED
is() { [ "$2" = "$3" ] || fail "$1 is <$(printf '%s' "$2" | oneline)>, not <$(printf '%s' "$3" | oneline)>"; }

# expect STATUS OUT ERR: of the tender that ended. OUT and ERR are exact, with the escapes of printf; after a ~ comes a
# shell pattern instead.
expect() {
  holds stdout out "$2"
  holds stderr err "$3"
  is status "$status" "$1"
}

holds() {
  case $3 in
    "~"*) case $(cat "$2") in ${3#"~"}) return ;; esac ;;
    *) printf '%b' "$3" >wanted; cmp -s wanted "$2" && return ;;
  esac
  # Why the output is another stands in the complaint.
  case $2 in out) complaint_=", stderr <$(oneline <err)>" ;; *) complaint_= ;; esac
  fail "$1 is <$(oneline <"$2")>, not <$3>${status:+, status $status}$complaint_"
}

# runs NAME STATUS OUT ERR [ARG]...: a whole test in one line, as root and as an ordinary user.
runs() {
  scenario "$1" user || return 0
  status_=$2 out_=$3 err_=$4
  shift 4
  for argument_ in "$@"; do
    case $argument_ in
      guests/*) [ -e "$argument_" ] || skip "no guest ${argument_#guests/} on this machine" ;;
    esac
  done
  tender "$@"
  expect "$status_" "$out_" "$err_"
  pass
}

# on ARCH REASON COMMAND NAME [ARG]...: the command that makes a test of this name, which elsewhere is skipped.
on() {
  if [ "$ARCH" = "$1" ]; then shift 2; "$@"; return; fi
  case $3 in forbids) name_=filter-forbids-$4 ;; *) name_=$4 ;; esac
  scenario "$name_" || return 0
  skip "$2"
}

# saw EXPECTED SEEN: what came of an attack, for those who collect that in the file that `ATTACKS` names.
saw() { [ -z "${ATTACKS:-}" ] || printf '%s\t%s\t%s\t%s\tok\n' "$subject" "$selected" "$1" "$2" >>"$ATTACKS"; }

# --- the receipt ---

# receipt KEY: the value of a key of the file `receipt`, numbers as they are and strings without quotes.
receipt() { sed -n "s/.*\"$1\": \"\{0,1\}\([^,\"} ]*\).*/\1/p; t end; b; :end; q" receipt; }
# What the receipt says of a step: applied, unavailable, or nothing.
step() { sed -n "s/.*{ \"name\": \"$1\", \"state\": \"\([a-z]*\)\".*/\1/p" receipt; }

# needs NAME: skips where the receipt says that this machine can't give a step of the seal or a restriction of KVM's. One of which
# it says nothing is missing in the tender.
needs() {
  case $(step "$1") in
    applied) ;;
    unavailable) skip "$(grep "\"$1\"" receipt)" ;;
    *) fail "the receipt doesn't have $1" ;;
  esac
}

# What a message says of where a guest's program stood, as a pattern: in its code, which images have from 0x100000 on, 64 KiB at most.
in_image="$([ "$ARCH" = aarch64 ] && echo pc || echo rip)=0x10[0-9a-f][0-9a-f][0-9a-f][0-9a-f]"

# refused ERR: status 1, no output, and stderr begins with these lines exactly; the usage may follow them.
refused() {
  printf '%b' "$1" >wanted
  head -n "$(wc -l <wanted | tr -d ' ')" err | cmp -s - wanted || fail "stderr is <$(oneline <err)>, not <$1>"
  holds stdout out ''
  is status "$status" 1
}

# --- disks and networks ---

# disk FILE BYTES: a sparse file of this size.
disk() { : >"$1"; [ "$2" = 0 ] || dd if=/dev/zero of="$1" bs=1 count=0 seek="$2" 2>/dev/null; }

# tap NAME [MTU]: a TAP interface in the test's network namespace.
tap() { helper tap add "$@" 2>tap.err || skip "no TAP here: $(oneline <tap.err)"; }

# --- a buffer over its own structure ---

# pair: makes `paired`, a tender with one of a pair of sockets as descriptor 5. A frame waits there; the one that is sent is
# left in the file `sent`.
pair() {
  printf AAAAAAAABBBBBBBBCCCCCCCCDDDDDDDDEEEEEEEE >frame
  cat >paired <<'S'
#!/bin/sh
exec "$HELPERS/launcher" --pair=5:6:5 --nonblock=6 sh -c '
  dd if=frame bs=512 2>/dev/null >&6
  "$BRIG_HVT" "$@" 2>complaints
  status=$?
  grep -v ": its MTU can.t be known here: " complaints >&2
  dd of=sent bs=512 count=1 2>/dev/null <&6
  exit $status' - "$@"
S
  chmod +x paired
}
# overlapped CALL: that `guests/overlap.hvt CALL` or `guests/overlap-all.hvt CALL` has printed, and sent, what it does if the
# structure was read once and answered once.
overlapped() {
  at_=$(head -n 1 out)
  here_=${at_#at }
  case $at_ in "at 0x"?*) ;; *) fail "no address: $(oneline <out)" ;; esac
  case $1 in
    puts)
      is size "$(wc -c <out | tr -d ' ')" $((${#at_} + 1 + 16))
      is text "$(tail -c 16 out | od -A n -t u8 | tr -s ' ')" " $((here_)) 16"
      return
      ;;
    halt) set -- ;;
    block_write) set -- 0x1 0x0 "$here_" 0x200 0xffffffff ;;
    # The disk's words, but for the result code.
    block_read) set -- 0x1111111111111111 0x2222222222222222 0x3333333333333333 0x4444444444444444 0x5555555500000000 0x6666666666666666 ;;
    net_write)
      is sent "$(od -v -A n -t u8 sent | tr -s ' \n' ' ')" " 2 $((here_)) 32 4294967295 "
      set -- 0x2 "$here_" 0x20 0x0
      ;;
    # The frame's words, but for its length and the result code.
    net_read) set -- 0x4141414141414141 0x4242424242424242 0x28 0x4444444400000000 ;;
  esac
  {
    echo "$at_"
    [ $# = 0 ] || echo 'ret 0'
    index_=0
    for word_; do echo "word $index_ $word_"; index_=$((index_ + 1)); done
  } >wanted
  cmp -s wanted out || fail "$(diff wanted out | oneline)"
}
