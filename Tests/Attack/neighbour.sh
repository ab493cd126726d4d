#!/bin/sh
# Processes beside a tender: what they can do to it before each system call of its launch, and once it is sealed.
#
# To add one: an attempt is a row of `attempts` in helpers/neighbour.c, and of `in_design` if allowed; a launch, a `beside`.
. "${0%/*}/lib.sh"

mkdir nodes && mount -t tmpfs tmpfs nodes || fail "no mount here"
node kvm 10 232 /dev/kvm

# Another tender, whose user is one of the neighbours.
start --mem=2 guests/sleep.hvt 100000000000
eventually asleep
other=$tender
its_user=$(field Uid | cut -f 1)

# What succeeds by design, as NAME:PHASES; anything else never does.
#
# Who launches the tender as an ordinary user shares its user with it. Until the tender opens its first file the process is that
# user's own program, with nothing in it that the user doesn't have. Signals, limits and priorities are a matter of the user
# alone, for good; so for whoever has the user that a tender of root's is told to become.
in_design() {
  case $1:$2 in
    launcher:prlimit-read | launcher:prlimit-set | launcher:kill | launcher:setpriority | launcher:sched_setaffinity) echo always ;;
    same:prlimit-read | same:prlimit-set | same:kill | same:setpriority | same:sched_setaffinity) echo 'user, confined, sealed' ;;
    launcher:setns) echo never ;;
    launcher:*) echo start ;;
    *) echo never ;;
  esac
}

# beside LAUNCHER UID NAME=UID...: a launch with these neighbours; `outside` and `options` may have more of its command.
outside='' options=''
beside() {
  launcher=$1
  shift
  "$HELPERS/neighbour" "$@" root=0 -- $outside "$BRIG_HVT" $options --mem=2 guests/sleep.hvt 20000000 >seen 2>err || fail "$(oneline <err)"
  echo "$launcher: $(sed -n 's/^steps //p' seen) steps of the launch" >&2
  tab=$(printf '\t')
  while IFS=$tab read -r who what phases; do
    case $who in
      steps* | slept*) continue ;;
      # That an attempt can succeed at all: root may do each of them, while the tender is root's too.
      root)
        [ "$launcher" = root ] || continue
        case $phases in *start* | always) phases=succeeds ;; esac
        attack neighbour "control: root: $what" succeeds "$phases"
        ;;
      *) attack neighbour "launched by $launcher: $who: $what" "$(in_design "$who" "$what")" "$phases" ;;
    esac
  done <seen
}

beside root 0 "another-tender=$its_user" nobody=65534 user=61001
beside user 61001 "another-tender=$its_user" nobody=65534 user=61009 launcher=61001
# Who has the user that root names.
options=--user=61009:61009
beside 'root for a user' 0 same=61009 "another-tender=$its_user" nobody=65534 user=61001
options=
# Where a container forbids namespaces.
outside="$HELPERS/launcher --deny=unshare=1" options=--confine=fallback
beside 'root without namespaces' 0 "another-tender=$its_user" nobody=65534 user=61001

# A user of its own is one that no other tender has, in turn.
start --mem=2 guests/sleep.hvt 100000000000
eventually asleep
[ "$(field Uid | cut -f 1)" != "$its_user" ] && seen='their own' || seen=shared
attack neighbour 'two tenders of root: users' 'their own' "$seen"
for kind in user mnt net ipc uts cgroup; do
  [ "$(readlink "/proc/$tender/ns/$kind")" != "$(readlink "/proc/$other/ns/$kind")" ] && seen='their own' || seen=shared
  attack neighbour "two tenders of root: $kind namespaces" 'their own' "$seen"
done
kill -TERM "$tender" "$other"
wait "$tender"
wait "$other"
exit 0
