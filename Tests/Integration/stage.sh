# Sourced by those who run tests: where the programs are, and copies of them that everybody can use.

# stage FOLDER: copies tender, guests, helpers and cases into a folder, and names the copies in BRIG_HVT, GUESTS and HELPERS.
#
# A clone may lie where none but its owner can look, as in root's home, or below a name with a blank. What an ordinary user is to run
# lies elsewhere, and under a plain name.
stage() {
  mkdir -p "$1/bin/guests" "$1/bin/helpers" "$1/Tests" || return 1
  # Beside the tender some tests look for others.
  for program_ in "$BRIG_HVT" "${BRIG_HVT%/*}"/brig "${BRIG_HVT%/*}"/brig-p* "${BRIG_HVT%/*}"/*.hvt; do
    [ ! -f "$program_" ] || cp "$program_" "$1/bin/" || return 1
  done
  cp "$GUESTS"/*.hvt "$1/bin/guests/" || return 1
  for program_ in "$HELPERS"/*; do
    [ ! -f "$program_" ] || cp "$program_" "$1/bin/helpers/" || return 1
  done
  cp -R "$root/Tests/Integration" "$1/Tests/" || return 1
  for folder_ in packaging policies machines; do
    [ ! -d "$root/$folder_" ] || cp -R "$root/$folder_" "$1/" || return 1
  done
  # Where brig looks for it.
  [ ! -d "$1/machines" ] || ln -s ../machines "$1/bin/machines" || return 1
  # Whatever the umask, or the one that the files were made under.
  chmod -R a+rX "$1" || return 1
  BRIG_HVT=$1/bin/${BRIG_HVT##*/} GUESTS=$1/bin/guests HELPERS=$1/bin/helpers
}
