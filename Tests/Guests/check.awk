# Reads `readelf -lnW` of one guest and fails if a tender would, or should, refuse it.

function hex(text,   value) {
  value = 0
  for (sub(/^0x/, "", text); text != ""; text = substr(text, 2))
    value = value * 16 + index("0123456789abcdef", substr(text, 1, 1)) - 1
  return value
}
function fail(reason) { print guest ": " reason; failed = 1 }

$1 == "LOAD" {
  flags = ""
  for (field = 7; field < NF; field++) flags = flags $field
  if (++loads == 1 && ($3 != "0x0000000000100000" || flags != "RE")) fail("code is not the first segment")
  if (flags ~ /W/ && flags ~ /E/) fail("a segment is writable and executable")
  if (hex($NF) != page) fail("a segment has alignment " $NF)
  if (hex($3) % page != 0) fail("a segment begins inside a page")
}
$1 == "NOTE" {
  size[++notes] = $5
  if ($NF != "0x4") fail("a note has alignment " $NF)
}
# A note's segment holds it and nothing else: 20 bytes and the description.
$1 == "Solo5" && hex(size[++seen]) == 20 + hex($2) && /0x31494241/ && $2 ~ /0010$/ { abi = 1 }
$1 == "Solo5" && hex(size[seen]) == 20 + hex($2) && /0x3154464d/ { manifest = 1 }

END {
  if (loads != 3) fail(loads + 0 " segments")
  if (notes != 2) fail(notes + 0 " notes")
  if (!abi || !manifest) fail("a note is missing or has the wrong size")
  exit failed
}
